import { ExitCode, LimaError, messageOf } from "../lib/base/errors.ts";
import type { Logger } from "../lib/base/log.ts";
import { ClosedPipe } from "./cli/output.ts";

/** What a user can meet, or a stack for what only a bug can cause. */
function describe(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(describe).join("\n");
  if (error instanceof LimaError) return error.hint === undefined ? error.message : `${error.message} (${error.hint})`;
  // Full disks, missing permissions: the system's own words, with the path in them, are the message.
  if (error instanceof Error && "errno" in error && "code" in error) return messageOf(error);
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return `internal error, please report it: ${stack}`;
}

function codeFor(error: unknown): number {
  return error instanceof LimaError ? error.exitCode : 1;
}

/** Logs what ended the program and returns its exit code. A child's own exit code passes through with nothing said. */
export function reportError(error: unknown, log: Logger): number {
  if (error instanceof ExitCode) return error.exitCode;
  if (error instanceof ClosedPipe) return 0;
  log.fatal(describe(error));
  if (error instanceof Error && error.cause !== undefined) log.debug(`caused by: ${messageOf(error.cause)}`);
  return codeFor(error);
}
