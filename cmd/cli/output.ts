import { writeSync } from "node:fs";
import { codeOf } from "../../lib/base/errors.ts";

/** Where results go. */
export interface Output {
  write(text: string): void;
  readonly isTerminal: boolean;
  /** Columns of the terminal, undefined when it is none. */
  readonly width: number | undefined;
}

/** The reader went away (`lima list | head -1`): there is nobody left to write to, and nothing to report. */
export class ClosedPipe extends Error {
  override readonly name = "ClosedPipe";
}

/**
 * Writes all of it before it returns, so that ending the process afterwards loses nothing. (process.stdout is not used:
 * making it costs several milliseconds.) Throws {@link ClosedPipe} when nobody reads.
 */
export function writeAll(fd: number, text: string): void {
  let bytes: Uint8Array = Buffer.from(text);
  while (bytes.length > 0) {
    try {
      bytes = bytes.subarray(writeSync(fd, bytes));
    } catch (error) {
      if (codeOf(error) === "EPIPE") throw new ClosedPipe("closed pipe");
      if (codeOf(error) !== "EAGAIN") throw error;
      // A non-blocking pipe that is full; its reader needs a moment.
      Bun.sleepSync(1);
    }
  }
}
