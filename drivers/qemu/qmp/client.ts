import type { ByteChannel } from "../../../lib/driver/contract.ts";
import type { Version } from "../version.ts";
import { QmpReader, type QmpMessage } from "./reader.ts";

/** The commands in use, with what goes in and comes out; names and fields are QEMU's. */
export interface QmpCommands {
  qmp_capabilities: { arguments?: undefined; result: unknown };
  "query-status": { arguments?: undefined; result: { readonly status: string; readonly running: boolean } };
  system_powerdown: { arguments?: undefined; result: unknown };
  cont: { arguments?: undefined; result: unknown };
  quit: { arguments?: undefined; result: unknown };
  "query-vnc": { arguments?: undefined; result: { readonly enabled: boolean; readonly host?: string; readonly service?: string } };
  set_password: { arguments: { readonly protocol: "vnc"; readonly password: string }; result: unknown };
}

/** An unsolicited message: `SHUTDOWN`, `RESET`, `STOP`, `BLOCK_IO_ERROR`, ... */
export interface QmpEvent {
  readonly name: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** A command that QEMU refused, did not answer, or that a closed monitor could not take. */
export class QmpError extends Error {
  override readonly name = "QmpError";
  /** QEMU's class of error, or `Closed`, `TimedOut`. */
  readonly errorClass: string;
  constructor(errorClass: string, message: string) {
    super(message);
    this.errorClass = errorClass;
  }
}

interface Waiting {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: QmpError) => void;
}

/** The main loop of QEMU answers in a millisecond, but may be held up by a slow disk. */
const COMMAND_LIMIT_MS = 10_000;

/** One connection to QEMU's machine monitor. QEMU serves a single client per socket: others wait without a greeting. */
export class Qmp {
  /** As greeted. */
  version: Version | undefined;
  /** Resolves when the connection is gone, whoever closed it. */
  readonly closed: Promise<void>;
  readonly #channel: ByteChannel;
  readonly #reader = new QmpReader();
  readonly #waiting = new Map<number, Waiting>();
  readonly #greeted = Promise.withResolvers<void>();
  readonly #onEvent: (event: QmpEvent) => void;
  #open = true;
  #lastId = 0;

  private constructor(channel: ByteChannel, onEvent: (event: QmpEvent) => void) {
    this.#channel = channel;
    this.#onEvent = onEvent;
    this.closed = channel.closed.then(() => this.#fail());
    // Unless somebody awaits the handshake, nobody has to hear that it failed.
    this.#greeted.promise.catch(() => undefined);
    channel.onData = (chunk) => {
      try {
        for (const message of this.#reader.push(chunk)) this.#take(message);
      } catch {
        // Not QMP, or not any more: nothing after this can be trusted.
        channel.close();
      }
    };
  }

  /**
   * Does the handshake on a fresh connection. Throws {@link QmpError} `TimedOut` when QEMU does not greet and answer
   * within `timeoutMs` (somebody else holds the monitor, or QEMU hangs), `Closed` when it hangs up.
   */
  static async handshake(channel: ByteChannel, options: { readonly timeoutMs: number; readonly onEvent?: (event: QmpEvent) => void }): Promise<Qmp> {
    const qmp = new Qmp(channel, options.onEvent ?? (() => undefined));
    const timer = setTimeout(() => qmp.#greeted.reject(new QmpError("TimedOut", `the monitor did not answer within ${options.timeoutMs} ms`)), options.timeoutMs);
    try {
      await qmp.#greeted.promise;
      await qmp.command("qmp_capabilities", undefined, options.timeoutMs);
      return qmp;
    } catch (error) {
      channel.close();
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  get isOpen(): boolean {
    return this.#open;
  }

  /** Runs a command. Throws {@link QmpError} when QEMU refuses, does not answer within `timeoutMs`, or is gone. */
  async command<K extends keyof QmpCommands>(name: K, args?: QmpCommands[K]["arguments"], timeoutMs: number = COMMAND_LIMIT_MS): Promise<QmpCommands[K]["result"]> {
    const id = ++this.#lastId;
    const reply = Promise.withResolvers<unknown>();
    this.#waiting.set(id, reply);
    const timer = setTimeout(() => reply.reject(new QmpError("TimedOut", `the monitor did not answer "${name}" within ${timeoutMs} ms`)), timeoutMs);
    try {
      const text = JSON.stringify({ execute: name, ...(args === undefined ? {} : { arguments: args }), id });
      if (!this.#channel.write(Buffer.from(`${text}\n`))) throw new QmpError("Closed", "the monitor is closed");
      return await reply.promise;
    } finally {
      clearTimeout(timer);
      this.#waiting.delete(id);
    }
  }

  close(): void {
    this.#channel.close();
  }

  #take(message: QmpMessage): void {
    switch (message.kind) {
      case "greeting":
        this.version = message.version;
        this.#greeted.resolve();
        return;
      case "event":
        this.#onEvent(message);
        return;
      case "reply":
        this.#waiting.get(message.id)?.resolve(message.result);
        return;
      case "failure":
        this.#waiting.get(message.id)?.reject(new QmpError(message.errorClass, message.description));
        return;
    }
  }

  #fail(): void {
    this.#open = false;
    const error = new QmpError("Closed", "the monitor is closed");
    this.#greeted.reject(error);
    for (const waiting of this.#waiting.values()) waiting.reject(error);
  }
}
