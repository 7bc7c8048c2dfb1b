import { ptr } from "bun:ffi";
import { LimaError } from "../base/errors.ts";
import { cString, libc } from "./libc.ts";

const SIGPIPE = 13;
const SIGXFSZ = 25;

/**
 * Becomes another program (execvp): it inherits the terminal, the pid and the exit code, and nothing of ours stays in
 * memory beside it. Returns only by throwing LimaError `PROGRAM_NOT_FOUND`.
 *
 * @param env variables to set (string) or remove (undefined) on top of the inherited ones
 */
export function replaceProcess(argv: readonly [string, ...string[]], env: Readonly<Record<string, string | undefined>> = {}): never {
  const c = libc();
  for (const [key, value] of Object.entries(env)) {
    const name = cString(key);
    if (value === undefined) c.unsetenv(ptr(name));
    else c.setenv(ptr(name), ptr(cString(value)), 1);
  }
  // Bun ignores these two, and ignored signals survive exec: the program would never die of a closed pipe.
  c.signal(SIGPIPE, 0);
  c.signal(SIGXFSZ, 0);
  const strings = argv.map(cString);
  const pointers = new BigUint64Array(strings.length + 1);
  strings.forEach((s, i) => { pointers[i] = BigInt(ptr(s)); });
  const first = strings[0] ?? cString("");
  c.execvp(ptr(first), ptr(pointers));
  throw new LimaError("PROGRAM_NOT_FOUND", `cannot run "${argv[0]}": errno ${c.errno()}`);
}
