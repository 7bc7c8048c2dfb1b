import { LimaError } from "../../lib/base/errors.ts";

/** A mistake in the command line. */
export function usageError(message: string, hint?: string): LimaError {
  return new LimaError("USAGE", message, hint === undefined ? {} : { hint });
}
