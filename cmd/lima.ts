import { basename } from "node:path";
import type { Context } from "../lib/base/context.ts";
import { createContext, stderrLogger, stdout, version } from "./context.ts";
import { type Process, runLima, runLimactl } from "./dispatch.ts";
import { reportError } from "./report.ts";
import { runWrapper, wrappers } from "./wrappers.ts";

/** The one exit. Everything has been written by now, and stray handles must not keep a finished command alive. */
function leave(code: number): never {
  // oxlint-disable-next-line unicorn/no-process-exit
  process.exit(code);
}

// With this set, an executable made by Bun is Bun itself; the copies of us that we start must not be.
delete process.env["BUN_BE_BUN"];
const env = { ...process.env };

let ctx: Context | undefined;
const proc: Process = {
  env,
  out: stdout(env),
  version,
  context: (flags) => (ctx ??= createContext({ flags, env, leave })),
};

const argv = process.argv.slice(2);
/** One executable, several faces: which one is in the name it was called by. */
const face = basename(process.argv0).replace(/\.exe$/i, "");

async function main(): Promise<void> {
  if (Object.hasOwn(wrappers, face)) return runWrapper(face, proc, argv);
  return face === "limactl" ? runLimactl(proc, argv) : runLima(proc, argv);
}

try {
  await main();
  leave(0);
} catch (error) {
  leave(reportError(error, ctx?.log ?? stderrLogger({}, env)));
}
