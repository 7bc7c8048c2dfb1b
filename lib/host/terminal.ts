import { fstatSync } from "node:fs";
import { libc } from "./libc.ts";

/** True when a file descriptor (0, 1 or 2) is a terminal. Asks libc: making process.stdout to ask it costs 4 ms at every start. */
export function isTerminal(fd: 0 | 1 | 2): boolean {
  try {
    if (!fstatSync(fd).isCharacterDevice()) return false;
  } catch {
    // Closed by whoever started us.
    return false;
  }
  if (process.platform === "win32") return [process.stdin, process.stdout, process.stderr][fd]?.isTTY === true;
  return libc().isatty(fd) === 1;
}

/** Columns of the terminal on stdout; undefined when it is none or has no known size. */
export function terminalWidth(): number | undefined {
  if (!isTerminal(1)) return undefined;
  const { columns } = process.stdout;
  return columns > 0 ? columns : undefined;
}
