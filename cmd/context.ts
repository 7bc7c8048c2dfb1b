import { existsSync, realpathSync } from "node:fs";
import { dirname, isAbsolute, join, resolve } from "node:path";
import type { Context } from "../lib/base/context.ts";
import { LimaError } from "../lib/base/errors.ts";
import { createLogger, LOG_LEVELS, type Logger, type LogLevel } from "../lib/base/log.ts";
import { isTerminal, terminalWidth } from "../lib/host/terminal.ts";
import { version } from "../package.json" with { type: "json" };
import type { GlobalFlags } from "./cli/flags.ts";
import { ClosedPipe, type Output, writeAll } from "./cli/output.ts";
import { usageError } from "./cli/usage-error.ts";

export { version };

type Env = Readonly<Record<string, string | undefined>>;

/** LIMA_HOME or ~/.lima; symlinks resolved when it exists, so that every process names it by the same path. */
export function limaHome(env: Env): string {
  const set = env["LIMA_HOME"];
  const user = env["HOME"] ?? env["USERPROFILE"];
  if ((set === undefined || set === "") && (user === undefined || user === "")) {
    throw new LimaError("NO_HOME", "cannot find the Lima home: neither LIMA_HOME nor HOME is set");
  }
  const home = set !== undefined && set !== "" ? resolve(set) : join(user ?? "", ".lima");
  try {
    return realpathSync(home);
  } catch {
    return home;
  }
}

/** Where downloads are kept: the system's place for caches. */
export function cacheDir(env: Env): string {
  const xdg = env["XDG_CACHE_HOME"];
  const user = env["HOME"] ?? env["USERPROFILE"] ?? "/";
  if (process.platform === "darwin") return join(user, "Library", "Caches", "lima");
  if (process.platform === "win32") return join(env["LocalAppData"] ?? join(user, "AppData", "Local"), "lima");
  // The specification says to ignore relative paths.
  return join(xdg !== undefined && isAbsolute(xdg) ? xdg : join(user, ".cache"), "lima");
}

/** `/$bunfs/root/...` on Unix, `B:/~BUN/root/...` on Windows: where the files of a compiled program appear to be. */
const COMPILED = /^(\/\$bunfs\/|[A-Z]:[\\/]~BUN[\\/])/.test(Bun.main);

function self(): readonly string[] {
  return COMPILED ? [process.execPath] : [process.execPath, join(import.meta.dir, "lima.ts")];
}

function shareDir(): string | undefined {
  const dir = COMPILED ? join(dirname(process.execPath), "..", "share", "lima") : join(import.meta.dir, "..", "dist", "share", "lima");
  return existsSync(dir) ? dir : undefined;
}

const LEVEL_NAMES: Readonly<Record<string, LogLevel>> = { ...Object.fromEntries(LOG_LEVELS.map((l) => [l, l])), warn: "warning" };

function level(flags: GlobalFlags): LogLevel {
  const name = flags["log-level"];
  if (name === undefined || name === "") return flags.debug === true ? "debug" : "info";
  const found = LEVEL_NAMES[name.toLowerCase()];
  if (!found) throw usageError(`invalid argument ${JSON.stringify(name)} for "--log-level" flag: must be one of ${LOG_LEVELS.join(", ")}`);
  return found;
}

/** The log on stderr. Without flags: what a person or a script gets by default, also for errors in the flags themselves. */
export function stderrLogger(flags: GlobalFlags, env: Env): Logger {
  const format = flags["log-format"] ?? "text";
  if (format !== "text" && format !== "json") throw usageError(`invalid argument ${JSON.stringify(format)} for "--log-format" flag: must be text or json`);
  const terminal = format === "text" && isTerminal(2);
  return createLogger({
    level: level(flags),
    format: terminal ? "terminal" : format,
    color: terminal && (env["NO_COLOR"] ?? "") === "" && env["TERM"] !== "dumb",
    started: new Date(performance.timeOrigin),
    write: (line) => {
      try {
        writeAll(2, line);
      } catch (error) {
        // A log nobody reads is no reason to stop working.
        if (!(error instanceof ClosedPipe)) throw error;
      }
    },
  });
}

/** stdout of this process. `_LIMA_OUTPUT_IS_TTY` lets tests see what a terminal would get. */
export function stdout(env: Env): Output {
  const forced = (env["_LIMA_OUTPUT_IS_TTY"] ?? "") !== "";
  return {
    write: (text) => writeAll(1, text),
    get isTerminal() { return forced || isTerminal(1); },
    get width() { return terminalWidth(); },
  };
}

/**
 * Ctrl-C and SIGTERM abort what is going on, which then cleans up; a second one does not wait for that.
 *
 * @param leave ends the process at once with the given code
 */
function wireSignals(leave: (code: number) => void): AbortSignal {
  const controller = new AbortController();
  for (const [name, code] of [["SIGINT", 130], ["SIGTERM", 143]] as const) {
    process.on(name, () => {
      if (controller.signal.aborted) leave(code);
      else controller.abort(new LimaError("INTERRUPTED", `interrupted by ${name}`, { exitCode: code }));
    });
  }
  return controller.signal;
}

export interface ContextOptions {
  readonly flags: GlobalFlags;
  readonly env: Env;
  readonly leave: (code: number) => void;
}

/** Composes what commands work with out of the process's globals. Throws LimaError for bad global flags or no usable home. */
export function createContext({ flags, env, leave }: ContextOptions): Context {
  if (flags.tty !== undefined && flags.yes !== undefined) throw usageError("cannot use both --tty and --yes");
  const log = stderrLogger(flags, env);
  const wanted = flags.tty ?? (flags.yes === true ? false : undefined);
  return {
    home: limaHome(env),
    cacheDir: cacheDir(env),
    env,
    log,
    signal: wireSignals(leave),
    debug: flags.debug === true,
    get tty() { return wanted !== false && isTerminal(1) && isTerminal(2); },
    self: self(),
    version,
    shareDir: shareDir(),
  };
}
