import { join } from "node:path";
import type { Logger } from "../base/log.ts";
import { type HostAgentEvent, parseEvent } from "../protocol/hostagent.ts";
import { FILES } from "../store/filenames.ts";
import { LogTail } from "./log-tail.ts";
import { parseAgentLine, relog } from "./relog.ts";

export interface FollowOptions {
  readonly log: Logger;
  /** Events from the `start` of the host agent's run, or only those to come. */
  readonly events: "start" | "end";
  /** Log lines likewise. */
  readonly lines: "start" | "end";
  /** Whether the host agent still runs; after a no, what it left is read to the end. */
  readonly alive: () => boolean;
  readonly signal: AbortSignal;
  /** On performance.now()'s clock. */
  readonly deadline: number;
}

export type FollowEnd = "gone" | "timeout" | "aborted";

/** Below what a person notices, and next to nothing of CPU: two reads that mostly give nothing. */
const POLL_MS = 40;

/** The host agent's two logs, read while it runs: log lines are passed on, events are handed out. */
export class HostAgentFollower {
  readonly #options: FollowOptions;
  readonly #events: LogTail;
  readonly #lines: LogTail;
  /** The last error it logged: the cause, when it ends without saying one in an event. */
  lastError: string | undefined;

  constructor(dir: string, options: FollowOptions) {
    this.#options = options;
    this.#events = new LogTail(join(dir, FILES.hostAgentStdout), options.events);
    this.#lines = new LogTail(join(dir, FILES.hostAgentStderr), options.lines);
  }

  #relog(): void {
    for (const text of this.#lines.lines()) {
      if (text.trim() === "") continue;
      const line = parseAgentLine(text);
      if (["error", "fatal", "panic"].includes(line.level)) this.lastError = line.message;
      relog(this.#options.log, line);
    }
  }

  /** Events as they come; returns why there will be no more that matter. */
  async *events(): AsyncGenerator<HostAgentEvent, FollowEnd> {
    const { alive, signal, deadline } = this.#options;
    for (;;) {
      // Asked before reading: what it wrote last is then read for sure.
      const gone = !alive();
      this.#relog();
      for (const line of this.#events.lines()) {
        const event = parseEvent(line);
        if (event) yield event;
      }
      if (gone) return "gone";
      if (signal.aborted) return "aborted";
      if (performance.now() >= deadline) return "timeout";
      await Bun.sleep(POLL_MS);
    }
  }

  [Symbol.dispose](): void {
    this.#relog();
    this.#events[Symbol.dispose]();
    this.#lines[Symbol.dispose]();
  }
}

/** Passes on what a host agent says from now until it has ended. */
export async function followToEnd(dir: string, log: Logger, alive: () => boolean): Promise<void> {
  using follower = new HostAgentFollower(dir, { log, events: "end", lines: "end", alive, signal: new AbortController().signal, deadline: Number.POSITIVE_INFINITY });
  for await (const _event of follower.events());
}
