import { writeSync } from "node:fs";
import type { HostAgentEvent, HostAgentStatus } from "../protocol/hostagent.ts";

/**
 * The event stream on stdout (ha.stdout.log). Lines repeat the lasting facts (`running`, `sshLocalPort`, ...), because
 * tools read each line as a snapshot; what happened just now (`portForward`, `stage`) is in its own line only.
 */
export class EventStream {
  #lasting: Pick<HostAgentStatus, "running" | "degraded" | "sshLocalPort" | "errors"> = {};
  readonly #fd: number;

  /** @param fd where the lines go; a file, so that a write neither blocks nor is cut in two */
  constructor(fd = 1) {
    this.#fd = fd;
  }

  /** Writes one line; `once` is not repeated later. */
  emit(once: Omit<HostAgentStatus, "running" | "degraded" | "sshLocalPort"> = {}): void {
    const event: HostAgentEvent = { time: new Date().toISOString(), status: { ...this.#lasting, ...once } };
    writeSync(this.#fd, `${JSON.stringify(event)}\n`);
  }

  /** Changes the lasting facts and writes a line that says so. */
  update(change: Pick<HostAgentStatus, "running" | "degraded" | "sshLocalPort" | "errors">): void {
    this.#lasting = { ...this.#lasting, ...change };
    this.emit();
  }
}
