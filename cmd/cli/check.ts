import type { Command } from "./define.ts";
import { usageError } from "./usage-error.ts";

const plural = (n: number): string => `${n} arg(s)`;

/** Throws LimaError `USAGE` when a command got too few or too many words. `path` is `limactl start`. */
export function checkPositionals(path: string, command: Pick<Command, "positionals">, words: readonly string[]): void {
  const [least, most] = command.positionals;
  const n = words.length;
  if (n >= least && n <= most) return;
  if (most === 0) throw usageError(`unknown command ${JSON.stringify(words[0])} for "${path}"`);
  const wanted = least === most ? `accepts ${plural(least)}, received ${n}`
    : most === Number.POSITIVE_INFINITY ? `requires at least ${plural(least)}, only received ${n}`
    : least === 0 ? `accepts at most ${plural(most)}, received ${n}`
    : `accepts between ${least} and ${plural(most)}, received ${n}`;
  throw usageError(`cannot run "${path}": ${wanted}`, `run "${path} --help"`);
}
