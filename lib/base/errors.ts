/**
 * The one error type for what a user can meet. Everything else that is thrown is a bug and is shown with its stack.
 *
 * Message grammar (checked by test/arch/messages.test.ts): lower case first, the action, the quoted value, a colon, the
 * reason; no full stop: `cannot forward guest port 70000: must be between 1 and 65535`.
 */
export interface LimaErrorOptions {
  /** What to do about it, as one clause: `run "lima start foo"`. Appended when printed, never baked into the message. */
  readonly hint?: string;
  /** Exit code of the process, 1 when absent. */
  readonly exitCode?: number;
  readonly cause?: unknown;
}

export class LimaError extends Error {
  override readonly name = "LimaError";
  /** Stable and upper case, for programs and tests: `INSTANCE_NOT_FOUND`. */
  readonly code: string;
  readonly hint: string | undefined;
  readonly exitCode: number;

  constructor(code: string, message: string, options: LimaErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.hint = options.hint;
    this.exitCode = options.exitCode ?? 1;
  }
}

/** A child's own exit code, passed through with nothing printed (`lima shell false` exits 1 silently). */
export class ExitCode extends Error {
  override readonly name = "ExitCode";
  readonly exitCode: number;
  constructor(exitCode: number) {
    super(`exit status ${exitCode}`);
    this.exitCode = exitCode;
  }
}

/** The text of anything thrown, on one line where it is one. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The `code` of a system error (`ENOENT`), or of a LimaError; undefined otherwise. */
export function codeOf(error: unknown): string | undefined {
  if (typeof error !== "object" || error === null || !("code" in error)) return undefined;
  return typeof error.code === "string" ? error.code : undefined;
}

/** Throws what went wrong in a group of independent tasks: nothing, the one error, or an AggregateError of all. */
export function throwGathered(results: readonly PromiseSettledResult<unknown>[]): void {
  const errors = results.flatMap((r) => (r.status === "rejected" ? [r.reason as unknown] : []));
  if (errors.length === 1) throw errors[0];
  if (errors.length > 1) throw new AggregateError(errors, errors.map(messageOf).join("\n"));
}

/** For the default branch of an exhaustive switch. */
export function assertNever(value: never): never {
  throw new Error(`unexpected value: ${JSON.stringify(value)}`);
}
