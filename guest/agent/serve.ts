import { readFileSync } from "node:fs";
import { encodeMessage, FrameReader, PROTOCOL_VERSION } from "../../lib/protocol/frame.ts";
import type { GuestMessage, GuestPort, HostMessage } from "../../lib/protocol/guest.ts";
import { syncClock } from "./clock.ts";
import type { PortChange } from "./ports.ts";

/** What the conversation needs of the guest; tests give their own. */
export interface Guest {
  readonly version: string;
  /** Everything that listens now; differences go to `onChange` from then on. */
  watchPorts(onChange: (change: PortChange) => void): readonly GuestPort[];
  stopWatching(): void;
  write(bytes: Uint8Array): void;
}

function bootId(): string {
  try {
    return readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
  } catch {
    return "";
  }
}

/** The agent's side of lib/protocol/guest.ts: answers the host, and pushes what changes once it has been greeted. */
export class Conversation {
  readonly #guest: Guest;
  #greeted = false;
  #reader = new FrameReader();

  constructor(guest: Guest) {
    this.#guest = guest;
  }

  #say(message: GuestMessage): void {
    this.#guest.write(encodeMessage(message));
  }

  /** Takes bytes from the host. */
  receive(chunk: Uint8Array): void {
    for (const frame of this.#reader.push(chunk)) {
      if (frame.kind !== 0) continue;
      let message: HostMessage;
      try {
        message = JSON.parse(new TextDecoder().decode(frame.payload)) as HostMessage;
      } catch {
        continue;
      }
      this.#handle(message);
    }
  }

  /** The host is gone: nothing may be written until the next greeting. */
  lost(): void {
    this.#greeted = false;
    this.#guest.stopWatching();
    this.#reader = new FrameReader();
  }

  #handle(message: HostMessage): void {
    // The host spoke to an agent that is no more: without an answer it will greet its successor.
    if (!this.#greeted && message.kind !== "hello") return;
    switch (message.kind) {
      case "hello": {
        this.#say({ kind: "hello", version: PROTOCOL_VERSION, nonce: message.nonce, agent: this.#guest.version, bootId: bootId() });
        this.#greeted = message.version === PROTOCOL_VERSION;
        if (!this.#greeted) {
          this.#guest.stopWatching();
          return;
        }
        const added = this.#guest.watchPorts((change) => this.#say({ kind: "ports", full: false, ...change }));
        this.#say({ kind: "ports", full: true, added, removed: [] });
        return;
      }
      case "ping": {
        const { user, system } = process.cpuUsage();
        this.#say({ kind: "pong", id: message.id, rssBytes: process.memoryUsage.rss(), cpuMs: Math.round((user + system) / 1000) });
        return;
      }
      case "timeSync":
        this.#say({ kind: "timeSynced", id: message.id, ...syncClock(message.hostTime, message.thresholdMs) });
        return;
      default:
        // A newer host may say more than we know; it learns from our `hello` what it can expect.
        return;
    }
  }
}
