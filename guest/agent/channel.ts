import { writeSync } from "node:fs";

/** Bytes that may wait for a host that does not read; beyond that the connection counts as lost. */
const QUEUE_LIMIT = 1 << 20;

const RETRY_MS = 20;

/**
 * The sending side of a virtio port opened with O_NONBLOCK: a write to a port that nobody reads must not stop the agent.
 * Only write after the host has spoken.
 */
export class PortWriter {
  readonly #fd: number;
  readonly #onLost: () => void;
  #queue: Uint8Array[] = [];
  #queued = 0;
  #retry: ReturnType<typeof setTimeout> | undefined;

  /** `onLost`: the host does not read; what was queued is gone. */
  constructor(fd: number, onLost: () => void) {
    this.#fd = fd;
    this.#onLost = onLost;
  }

  /** Sends bytes as soon as the host takes them. */
  write(bytes: Uint8Array): void {
    this.#queue.push(bytes);
    this.#queued += bytes.length;
    if (this.#queued > QUEUE_LIMIT) {
      this.drop();
      this.#onLost();
      return;
    }
    if (this.#retry === undefined) this.#flush();
  }

  #flush(): void {
    this.#retry = undefined;
    for (let next = this.#queue[0]; next !== undefined; next = this.#queue[0]) {
      let written = 0;
      try {
        written = writeSync(this.#fd, next);
      } catch (error) {
        if (!(error instanceof Error && "code" in error && (error.code === "EAGAIN" || error.code === "EINTR"))) {
          this.drop();
          return;
        }
      }
      this.#queued -= written;
      if (written === next.length) {
        this.#queue.shift();
        continue;
      }
      this.#queue[0] = next.subarray(written);
      this.#retry = setTimeout(() => this.#flush(), RETRY_MS);
      return;
    }
  }

  /** Forgets what waits: the host it was for is gone. */
  drop(): void {
    this.#queue = [];
    this.#queued = 0;
    clearTimeout(this.#retry);
    this.#retry = undefined;
  }
}
