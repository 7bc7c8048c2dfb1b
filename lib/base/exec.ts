import { LimaError, messageOf } from "./errors.ts";

export interface ExecResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface ExecOptions {
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string;
  /** Text or bytes for the child's stdin; closed at once when absent. */
  readonly input?: string | Uint8Array;
  /** Kills the child with SIGKILL after this many milliseconds; the result then has exit code 124. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

/**
 * Runs a program to its end and returns what it printed; a non-zero exit is a result, not an error.
 * Throws LimaError `PROGRAM_NOT_FOUND` when there is no such program, and the signal's reason when aborted.
 */
export async function exec(argv: readonly string[], options: ExecOptions = {}): Promise<ExecResult> {
  options.signal?.throwIfAborted();
  let child;
  try {
    child = Bun.spawn([...argv], {
      stdin: options.input === undefined ? "ignore" : new Blob([options.input as string]),
      stdout: "pipe",
      stderr: "pipe",
      ...(options.env ? { env: options.env } : {}),
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    });
  } catch (error) {
    throw new LimaError("PROGRAM_NOT_FOUND", `cannot run "${argv[0]}": ${messageOf(error)}`, { cause: error });
  }
  let timedOut = false;
  const timer = options.timeoutMs === undefined ? undefined : setTimeout(() => { timedOut = true; child.kill("SIGKILL"); }, options.timeoutMs);
  const abort = (): void => child.kill("SIGKILL");
  options.signal?.addEventListener("abort", abort, { once: true });
  try {
    const [stdout, stderr, exitCode] = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text(), child.exited]);
    options.signal?.throwIfAborted();
    return { exitCode: timedOut ? 124 : exitCode, stdout, stderr };
  } finally {
    clearTimeout(timer);
    options.signal?.removeEventListener("abort", abort);
  }
}

/** Like {@link exec}, but a non-zero exit throws LimaError `COMMAND_FAILED` with the last line of stderr. Returns stdout. */
export async function run(argv: readonly string[], options: ExecOptions = {}): Promise<string> {
  const result = await exec(argv, options);
  if (result.exitCode !== 0) {
    const last = result.stderr.trim().split("\n").at(-1) ?? "";
    throw new LimaError("COMMAND_FAILED", `command "${argv[0]}" failed with exit status ${result.exitCode}: ${last}`);
  }
  return result.stdout;
}
