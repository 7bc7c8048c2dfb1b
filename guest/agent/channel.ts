import { closeSync, constants, openSync, writeSync } from "node:fs";

/**
 * Reads in a thread of its own: a blocked read on Bun's thread pool would starve file and DNS work, and the pool is only
 * as large as the number of CPUs. poll(2) first, because a read returns 0 at once while the host end is closed.
 */
const READER = `
  import { dlopen, ptr } from "bun:ffi";
  let c;
  for (const name of ["libc.so.6", "libc.musl-x86_64.so.1", "libc.musl-aarch64.so.1"]) {
    try { c = dlopen(name, { poll: { args: ["ptr", "u64", "i32"], returns: "i32" }, read: { args: ["i32", "ptr", "u64"], returns: "i64" } }).symbols; break; } catch {}
  }
  self.onmessage = ({ data: fd }) => {
    const bytes = new Uint8Array(65536);
    const set = new Int32Array(2);
    for (;;) {
      set[0] = fd; set[1] = 1; // POLLIN
      c.poll(ptr(set), 1n, -1);
      const n = Number(c.read(fd, ptr(bytes), 65536n));
      if (n > 0) postMessage(bytes.slice(0, n));
      else { postMessage(null); Bun.sleepSync(100); }
    }
  };
`;

/** Bytes that may wait for a host that does not read; beyond that the connection counts as lost. */
const QUEUE_LIMIT = 1 << 20;

const RETRY_MS = 20;

/** The guest end of a virtio port. It can be opened only once, stays open, and outlives any number of hosts. */
export class VirtioChannel {
  readonly #fd: number;
  #queue: Uint8Array[] = [];
  #queued = 0;
  #retry: ReturnType<typeof setTimeout> | undefined;
  readonly #worker: Worker;
  readonly #onLost: () => void;

  /**
   * @param path the device, /dev/virtio-ports/NAME
   * @param onData gets every chunk
   * @param onLost the host end is closed or does not read: what was queued is gone
   */
  constructor(path: string, onData: (chunk: Uint8Array) => void, onLost: () => void) {
    this.#onLost = onLost;
    // Non-blocking: a write to a port nobody reads must not stop the agent.
    this.#fd = openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
    this.#worker = new Worker(URL.createObjectURL(new Blob([READER], { type: "application/javascript" })));
    let lost = true;
    this.#worker.onmessage = ({ data }: MessageEvent<Uint8Array | null>) => {
      if (data !== null) {
        lost = false;
        onData(data);
      } else if (!lost) {
        lost = true;
        this.#drop();
        onLost();
      }
    };
    this.#worker.postMessage(this.#fd);
  }

  /** Sends bytes as soon as the host takes them. Only call it after the host has spoken. */
  write(bytes: Uint8Array): void {
    this.#queue.push(bytes);
    this.#queued += bytes.length;
    if (this.#queued > QUEUE_LIMIT) {
      this.#drop();
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
          this.#drop();
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

  #drop(): void {
    this.#queue = [];
    this.#queued = 0;
    clearTimeout(this.#retry);
    this.#retry = undefined;
  }

  close(): void {
    this.#worker.terminate();
    closeSync(this.#fd);
  }
}
