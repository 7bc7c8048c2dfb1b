import { LOG_LEVELS, type Logger, type LogLevel } from "../base/log.ts";

export interface AgentLine {
  readonly level: LogLevel;
  readonly message: string;
  readonly time: Date | undefined;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** Reads a line of ha.stderr.log. What is no log line (the stack of a crash, a word from a library) counts as an error. */
export function parseAgentLine(line: string): AgentLine {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value === "object" && value !== null) {
      const { level, msg, time, ...fields } = value as Record<string, unknown>;
      const known = LOG_LEVELS.find((l) => l === level);
      const at = typeof time === "string" ? new Date(time) : undefined;
      if (known && typeof msg === "string") return { level: known, message: msg, time: at === undefined || Number.isNaN(at.getTime()) ? undefined : at, fields };
    }
  } catch {
    // Not JSON.
  }
  return { level: "error", message: line, time: undefined, fields: {} };
}

/** Passes a line of the host agent on. Its fatal is not ours: what failed is the caller's to say. */
export function relog(log: Logger, line: AgentLine): void {
  const level = line.level === "fatal" || line.level === "panic" ? "error" : line.level;
  log.log(level, `[hostagent] ${line.message}`, line.fields, line.time);
}
