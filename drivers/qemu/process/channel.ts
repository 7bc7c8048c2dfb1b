import type { Socket } from "bun";
import type { ByteChannel } from "../../../lib/driver/contract.ts";

/** A peer that leaves this many bytes unread is as good as gone: the channel closes rather than grow. */
const MAX_QUEUED = 8 << 20;

class SocketChannel implements ByteChannel {
  readonly closed: Promise<void>;
  readonly #closed = Promise.withResolvers<void>();
  #socket: Socket | undefined;
  #open = true;
  #handler: ((chunk: Uint8Array) => void) | undefined;
  /** Arrived before anybody listened. */
  #early: Uint8Array[] = [];
  #queue: Uint8Array[] = [];
  #queued = 0;

  constructor() {
    this.closed = this.#closed.promise;
  }

  get onData(): (chunk: Uint8Array) => void {
    return this.#handler ?? (() => undefined);
  }

  set onData(handler: (chunk: Uint8Array) => void) {
    this.#handler = handler;
    for (const chunk of this.#early.splice(0)) handler(chunk);
    this.#socket?.resume();
  }

  opened(socket: Socket): void {
    this.#socket = socket;
  }

  arrived(chunk: Uint8Array): void {
    if (this.#handler !== undefined) return this.#handler(chunk);
    this.#early.push(chunk);
    this.#socket?.pause();
  }

  write(data: Uint8Array): boolean {
    if (!this.#open || this.#socket === undefined) return false;
    // write() answers -1 for a socket that is on its way out.
    const sent = this.#queue.length > 0 ? 0 : Math.max(0, this.#socket.write(data));
    if (sent === data.length) return true;
    // A copy: the caller may reuse its buffer.
    this.#queue.push(data.slice(sent));
    this.#queued += data.length - sent;
    if (this.#queued > MAX_QUEUED) this.close();
    return this.#open;
  }

  drained(): void {
    for (let first = this.#queue[0]; first !== undefined; first = this.#queue[0]) {
      const sent = Math.max(0, this.#socket?.write(first) ?? 0);
      this.#queued -= sent;
      if (sent < first.length) {
        this.#queue[0] = first.subarray(sent);
        return;
      }
      this.#queue.shift();
    }
  }

  ended(): void {
    this.#open = false;
    this.#queue = [];
    this.#closed.resolve();
  }

  close(): void {
    if (!this.#open) return;
    this.ended();
    this.#socket?.terminate();
  }
}

/**
 * Connects to a unix socket. What arrives before `onData` is set is kept. Throws the system error (`ENOENT`,
 * `ECONNREFUSED`). Closing does not wait for bytes that are still queued.
 */
export async function connectChannel(path: string): Promise<ByteChannel> {
  const channel = new SocketChannel();
  await Bun.connect({
    unix: path,
    socket: {
      open: (socket) => channel.opened(socket),
      data: (_, chunk) => channel.arrived(chunk),
      drain: () => channel.drained(),
      end: () => channel.close(),
      close: () => channel.ended(),
      error: () => channel.close(),
    },
  });
  return channel;
}
