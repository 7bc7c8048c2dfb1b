import { randomUUID } from "node:crypto";
import { messageOf } from "../base/errors.ts";
import type { Logger } from "../base/log.ts";
import type { ByteChannel } from "../driver/contract.ts";
import { encodeMessage, FrameReader, PROTOCOL_VERSION } from "../protocol/frame.ts";
import { parseGuestMessage, type GuestMessage, type GuestPort, type HostMessage } from "../protocol/guest.ts";

export interface GuestAgentHandlers {
  /** The agent answered; after each (re)connection. */
  onHello(version: string): void;
  onPorts(full: boolean, added: readonly GuestPort[], removed: readonly GuestPort[]): void;
}

/**
 * The greeting waits in the channel until the agent, which starts late in the boot, opens its end. It is repeated, ever
 * more slowly, only because an agent that dies may have taken it along.
 */
const HELLO_FIRST_MS = 1000;
const HELLO_SLOWEST_MS = 10_000;
/** The clock message doubles as a sign of life. */
const CLOCK_INTERVAL_MS = 10_000;
/** Drift in milliseconds beyond which the guest sets its clock. */
const CLOCK_THRESHOLD_MS = 100;

/**
 * The host's end of the agent channel. Connects, greets until answered, and does so again whenever the channel or the
 * agent goes away, until {@link close}.
 */
export class GuestAgentLink {
  readonly #connect: () => Promise<ByteChannel>;
  readonly #handlers: GuestAgentHandlers;
  readonly #log: Logger;
  #channel: ByteChannel | undefined;
  #nonce = "";
  #greeted = false;
  #closed = false;
  #nextId = 1;
  #unanswered = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #pending = new Map<number, (m: GuestMessage) => void>();
  /** Version the agent told; undefined while it has not answered on the current connection. */
  version: string | undefined;

  constructor(connect: () => Promise<ByteChannel>, handlers: GuestAgentHandlers, log: Logger) {
    this.#connect = connect;
    this.#handlers = handlers;
    this.#log = log;
  }

  /** Runs until {@link close}. Never rejects. */
  async run(): Promise<void> {
    while (!this.#closed) {
      try {
        const channel = await this.#connect();
        this.#channel = channel;
        this.#serve(channel);
        await channel.closed;
      } catch (error) {
        this.#log.debug(`guest agent channel: ${messageOf(error)}`);
      }
      clearTimeout(this.#timer);
      this.#greeted = false;
      this.version = undefined;
      if (!this.#closed) await Bun.sleep(500);
    }
  }

  #serve(channel: ByteChannel): void {
    const reader = new FrameReader();
    channel.onData = (chunk) => {
      for (const frame of reader.push(chunk)) {
        if (frame.kind !== 0) continue;
        const message = parseGuestMessage(frame.payload);
        if (message) this.#receive(message);
      }
    };
    this.#greet();
  }

  #greet(): void {
    this.#greeted = false;
    this.#unanswered = false;
    this.version = undefined;
    this.#nonce = randomUUID();
    const say = (waitMs: number): void => {
      if (this.#greeted) return;
      this.#send({ kind: "hello", version: PROTOCOL_VERSION, nonce: this.#nonce });
      this.#timer = setTimeout(() => say(Math.min(waitMs * 2, HELLO_SLOWEST_MS)), waitMs);
    };
    say(HELLO_FIRST_MS);
  }

  #send(message: HostMessage): boolean {
    return this.#channel?.write(encodeMessage(message)) ?? false;
  }

  #receive(message: GuestMessage): void {
    if (message.kind === "hello") {
      // An answer to a greeting of an earlier connection, still in the pipe; or a second answer to a repeated one.
      if (message.nonce !== this.#nonce || this.#greeted) return;
      if (message.version !== PROTOCOL_VERSION) {
        this.#greeted = true;
        this.#log.error(`the guest agent speaks protocol ${message.version}, this host agent ${PROTOCOL_VERSION}: restart the instance to install the matching agent`);
        return;
      }
      this.#greeted = true;
      clearTimeout(this.#timer);
      this.version = message.agent;
      this.#handlers.onHello(message.agent);
      this.#syncClock();
      return;
    }
    if (!this.#greeted) return;
    switch (message.kind) {
      case "ports":
        this.#handlers.onPorts(message.full, message.added, message.removed);
        break;
      case "log":
        this.#log.log(message.level, `[guest agent] ${message.message}`);
        break;
      case "timeSynced":
        this.#unanswered = false;
        if (message.error !== undefined) this.#log.warn(`the guest's clock is ${Math.round(message.driftMs)} ms off and could not be set: ${message.error}`);
        else if (message.adjusted) this.#log.info(`set the guest's clock, it was ${Math.round(message.driftMs)} ms off`);
        break;
      case "pong":
        this.#pending.get(message.id)?.(message);
        this.#pending.delete(message.id);
        break;
    }
  }

  #syncClock(): void {
    if (this.version === undefined) return;
    if (this.#unanswered) {
      this.#log.warn("the guest agent stopped answering; waiting for it to come back");
      this.#greet();
      return;
    }
    this.#unanswered = true;
    this.#send({ kind: "timeSync", id: this.#nextId++, hostTime: Date.now(), thresholdMs: CLOCK_THRESHOLD_MS });
    this.#timer = setTimeout(() => this.#syncClock(), CLOCK_INTERVAL_MS);
  }

  /** Memory and CPU time of the agent; undefined when it does not answer within `timeoutMs`. */
  ping(timeoutMs: number): Promise<{ rssBytes: number; cpuMs: number } | undefined> {
    const id = this.#nextId++;
    if (this.version === undefined || !this.#send({ kind: "ping", id })) return Promise.resolve(undefined);
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.#pending.delete(id);
        resolve(undefined);
      }, timeoutMs);
      this.#pending.set(id, (m) => {
        clearTimeout(timer);
        resolve(m.kind === "pong" ? { rssBytes: m.rssBytes, cpuMs: m.cpuMs } : undefined);
      });
    });
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#channel?.close();
  }
}
