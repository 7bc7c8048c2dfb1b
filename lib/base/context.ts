import type { Logger } from "./log.ts";

/** What every operation gets handed down from cmd/context.ts; nothing in lib/ reads the process's globals for these. */
export interface Context {
  /** LIMA_HOME, absolute; may not exist yet. */
  readonly home: string;
  /** The cache directory (`$XDG_CACHE_HOME/lima`), absolute; may not exist yet. */
  readonly cacheDir: string;
  /** Environment of the process at start. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly log: Logger;
  /** Aborted by Ctrl-C or SIGTERM; long waits and child processes must follow it. */
  readonly signal: AbortSignal;
  /** `--debug`: more logging, and LIMA_CIDATA_DEBUG in the guest. */
  readonly debug: boolean;
  /** Interactive questions and progress bars allowed (stdout, stderr are terminals and no --tty=false). */
  readonly tty: boolean;
  /** Command that runs this program again: `[executable]`, or `[bun, cmd/lima.ts]` from source. */
  readonly self: readonly string[];
  /** Version of this program, `X.Y.Z`. */
  readonly version: string;
  /** Directory that holds `share/lima` beside the executable, if there is one. */
  readonly shareDir: string | undefined;
}
