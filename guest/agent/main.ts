import { version } from "../../package.json" with { type: "json" };
import { parseArgs } from "node:util";
import { AGENT_PORT } from "../../lib/protocol/guest.ts";
import { startDaemon } from "./daemon.ts";
import { runThread } from "./thread.ts";

const USAGE = `Usage: lima-guestagent daemon [--virtio-port NAME] [--tick MILLISECONDS]
       lima-guestagent --version

The agent that runs in a Lima guest: it tells the host agent which ports listen, over a virtio port.
`;

function main(argv: readonly string[]): number | undefined {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: { "virtio-port": { type: "string", default: AGENT_PORT }, tick: { type: "string", default: "500" }, version: { type: "boolean", short: "v" }, help: { type: "boolean", short: "h" } },
  });
  if (values.version === true) {
    process.stdout.write(`lima-guestagent version ${version}\n`);
    return 0;
  }
  if (values.help === true) {
    process.stdout.write(USAGE);
    return 0;
  }
  const tickMs = Number(values.tick);
  if (positionals.length !== 1 || positionals[0] !== "daemon" || !(tickMs >= 10)) {
    process.stderr.write(USAGE);
    return 2;
  }
  startDaemon(values["virtio-port"], tickMs, version);
  // The thread sits in poll(2): nothing but an exit ends it.
  // oxlint-disable-next-line unicorn/no-process-exit
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => process.exit(0));
  return undefined;
}

if (Bun.isMainThread) {
  try {
    const code = main(process.argv.slice(2));
    if (code !== undefined) process.exitCode = code;
  } catch (error) {
    process.stderr.write(`lima-guestagent: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
} else {
  runThread();
}
