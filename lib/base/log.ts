// The core alone: the full package loads terminal and process modules we do not use, 10 ms at every start.
import { createConsola, type ConsolaInstance, type LogObject } from "consola/core";

/** Levels by rising verbosity. Their names in the output are the ones scripts already match. */
export const LOG_LEVELS = ["panic", "fatal", "error", "warning", "info", "debug", "trace"] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export type LogFields = Readonly<Record<string, unknown>>;

/** Where everything but results goes. Methods take a message and optional `key=value` fields. */
export interface Logger {
  fatal(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  debug(message: string, fields?: LogFields): void;
  trace(message: string, fields?: LogFields): void;
  /** A line at a level known only at run time, with its own time (re-logging the host agent's lines). */
  log(level: LogLevel, message: string, fields?: LogFields, time?: Date): void;
  readonly level: LogLevel;
}

export interface LoggerOptions {
  readonly level: LogLevel;
  /** `text` is logrus's `time=... level=... msg=...`; `terminal` its coloured short form; `json` one object a line. */
  readonly format: "text" | "terminal" | "json";
  readonly color?: boolean;
  /** Writes one finished line, newline included. */
  readonly write: (line: string) => void;
  /** Process start, for the seconds in the terminal form. */
  readonly started?: Date;
}

const SHORT: Record<LogLevel, string> = { panic: "PANI", fatal: "FATA", error: "ERRO", warning: "WARN", info: "INFO", debug: "DEBU", trace: "TRAC" };
const COLOR: Record<LogLevel, number> = { panic: 31, fatal: 31, error: 31, warning: 33, info: 36, debug: 37, trace: 37 };
// consola's numbers for the levels; 0 takes fatal and error together.
const CONSOLA_LEVEL: Record<LogLevel, number> = { panic: 0, fatal: 0, error: 0, warning: 1, info: 3, debug: 4, trace: 5 };

/** Go's %q for the characters that matter in a log line. */
function quote(text: string): string {
  return JSON.stringify(text).replaceAll("\\u007f", "\\x7f");
}

function plain(value: unknown): string {
  const text = typeof value === "string" ? value : value instanceof Error ? value.message : JSON.stringify(value) ?? String(value);
  return /^[A-Za-z0-9\-._/@^+]+$/.test(text) ? text : quote(text);
}

/** RFC 3339 in local time with seconds, as logrus prints it. */
export function localTime(date: Date): string {
  const pad = (n: number): string => String(n).padStart(2, "0");
  const offset = -date.getTimezoneOffset();
  const zone = offset === 0 ? "Z" : `${offset < 0 ? "-" : "+"}${pad(Math.floor(Math.abs(offset) / 60))}:${pad(Math.abs(offset) % 60)}`;
  return `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}T${pad(date.getHours())}:${pad(date.getMinutes())}:${pad(date.getSeconds())}${zone}`;
}

/** One log line in the given format, without its newline. */
export function formatLine(options: Pick<LoggerOptions, "format" | "color" | "started">, level: LogLevel, message: string, fields: LogFields, time: Date): string {
  const keys = Object.keys(fields).filter((k) => fields[k] !== undefined).sort();
  switch (options.format) {
    case "json": {
      const all: Record<string, unknown> = { ...fields, level, msg: message, time: localTime(time) };
      const sorted = Object.fromEntries(Object.keys(all).sort().map((k) => [k, all[k] instanceof Error ? all[k].message : all[k]]));
      return JSON.stringify(sorted).replace(/[<>&]/g, (c) => `\\u00${c.charCodeAt(0).toString(16)}`);
    }
    case "text":
      return [`time=${quote(localTime(time))}`, `level=${level}`, `msg=${plain(message)}`, ...keys.map((k) => `${k}=${plain(fields[k])}`)].join(" ");
    case "terminal": {
      const seconds = Math.max(0, Math.floor((time.getTime() - (options.started ?? time).getTime()) / 1000));
      const paint = (text: string): string => (options.color === true ? `\u001b[${COLOR[level]}m${text}\u001b[0m` : text);
      const head = `${paint(SHORT[level])}[${String(seconds).padStart(4, "0")}] ${keys.length > 0 ? message.padEnd(44) : message}`;
      return [head, ...keys.map((k) => `${paint(k)}=${plain(fields[k])}`)].join(" ");
    }
  }
}

/** A logger over consola: it filters by level, {@link formatLine} writes the line. */
export function createLogger(options: LoggerOptions): Logger {
  const consola: ConsolaInstance = createConsola({
    level: CONSOLA_LEVEL[options.level],
    // consola folds repeated lines by default; a log that drops lines is none.
    throttleMin: Number.POSITIVE_INFINITY,
    reporters: [
      {
        log: (entry: LogObject) => {
          const [level, message, fields, time] = entry.args as [LogLevel, string, LogFields, Date | undefined];
          options.write(`${formatLine(options, level, message, fields, time ?? entry.date)}\n`);
        },
      },
    ],
  });
  const methods: Record<LogLevel, (...args: [LogLevel, string, LogFields, Date | undefined]) => void> = {
    panic: consola.fatal, fatal: consola.fatal, error: consola.error, warning: consola.warn, info: consola.info, debug: consola.debug, trace: consola.trace,
  };
  const log = (level: LogLevel, message: string, fields: LogFields = {}, time?: Date): void => methods[level](level, message, fields, time);
  return {
    level: options.level,
    log,
    fatal: (m, f) => log("fatal", m, f),
    error: (m, f) => log("error", m, f),
    warn: (m, f) => log("warning", m, f),
    info: (m, f) => log("info", m, f),
    debug: (m, f) => log("debug", m, f),
    trace: (m, f) => log("trace", m, f),
  };
}
