import type { Duplex } from "node:stream";
import { codeOf, messageOf } from "../base/errors.ts";
import type { Logger } from "../base/log.ts";
import { tcpPortOwner } from "../host/ports.ts";
import type { GuestPort } from "../protocol/guest.ts";
import type { PortForwardEvent } from "../protocol/hostagent.ts";
import { addressText, decide, dialAddress } from "./rules.ts";
import { TcpForward } from "./tcp.ts";

export interface PortEngineOptions {
  readonly log: Logger;
  /** The instance's own ssh port on the host, which no forward may take. */
  readonly sshLocalPort: number;
  /** Opens a stream to an address inside the guest. */
  readonly dial: (ip: string, port: number) => Promise<Duplex>;
  readonly onEvent: (event: PortForwardEvent) => void;
}

interface Entry {
  readonly hostAddr: string;
  /** Guest listeners that share the host port (0.0.0.0 and :: of one server), by textual IP. */
  readonly guests: Map<string, GuestPort>;
  /** Undefined while listening is under way, or when it failed. */
  forward: TcpForward | undefined;
  closed: boolean;
}

/**
 * Keeps the host's listeners in step with the guest's. What it is told is a difference, or the full list after the
 * guest agent (re)connected; a full list that equals what is already open changes nothing, so connections survive.
 */
export class PortEngine {
  readonly #options: PortEngineOptions;
  readonly #entries = new Map<number, Entry>();
  /** Told once, so that `not-forwarding` is not repeated with every full list. */
  readonly #ignored = new Set<string>();

  constructor(options: PortEngineOptions) {
    this.#options = options;
  }

  /** Applies a `ports` message of the guest. */
  apply(full: boolean, added: readonly GuestPort[], removed: readonly GuestPort[]): void {
    if (full) {
      const wanted = new Set(added.map((p) => `${p.port} ${p.ip}`));
      const known = this.#entries.values().flatMap((entry) => entry.guests.values());
      const gone = known.filter((guest) => !wanted.has(`${guest.port} ${guest.ip}`)).toArray();
      for (const guest of gone) this.#remove(guest);
    }
    for (const port of removed) this.#remove(port);
    for (const port of added) this.#add(port);
  }

  #add(port: GuestPort): void {
    const { log, sshLocalPort, onEvent } = this.#options;
    const decision = decide(port, sshLocalPort);
    const guestAddr = addressText(port.ip, port.port);
    if (decision.kind === "ignore") {
      const key = `${port.protocol} ${guestAddr}`;
      if (decision.quiet || this.#ignored.has(key)) return;
      this.#ignored.add(key);
      log.info(`Not forwarding ${port.protocol.toUpperCase()} ${guestAddr}`);
      onEvent({ type: "not-forwarding", protocol: port.protocol, guestAddr });
      return;
    }
    const existing = this.#entries.get(decision.hostPort);
    if (existing) {
      existing.guests.set(port.ip, port);
      return;
    }
    const hostAddr = addressText(decision.hostIp, decision.hostPort);
    const entry: Entry = { hostAddr, guests: new Map([[port.ip, port]]), forward: undefined, closed: false };
    this.#entries.set(decision.hostPort, entry);
    void this.#listen(entry, decision.hostIp, decision.hostPort, guestAddr);
  }

  async #listen(entry: Entry, hostIp: string, hostPort: number, guestAddr: string): Promise<void> {
    const { log, dial, onEvent } = this.#options;
    const dialGuest = (): Promise<Duplex> => {
      // IPv4 first: a listener on :: alone is reached over ::1, one on both over either.
      const ips = [...entry.guests.keys()];
      const ip = ips.find((i) => !i.includes(":")) ?? ips[0] ?? "127.0.0.1";
      return dial(dialAddress(ip), hostPort);
    };
    try {
      const forward = await TcpForward.listen(hostIp, hostPort, dialGuest, (error) => log.debug(`forwarded connection to guest ${guestAddr} failed: ${messageOf(error)}`));
      if (entry.closed) {
        forward.close();
        return;
      }
      entry.forward = forward;
      log.info(`Forwarding TCP from ${guestAddr} to ${entry.hostAddr}`);
      onEvent({ type: "forwarding", protocol: "tcp", guestAddr, hostAddr: entry.hostAddr });
    } catch (error) {
      if (entry.closed) return;
      const reason = listenFailure(error, hostPort);
      log.warn(`cannot forward guest port ${guestAddr} to ${entry.hostAddr}: ${reason}`);
      onEvent({ type: "failed", protocol: "tcp", guestAddr, hostAddr: entry.hostAddr, error: reason });
    }
  }

  #remove(port: GuestPort): void {
    this.#ignored.delete(`${port.protocol} ${addressText(port.ip, port.port)}`);
    const decision = decide(port, this.#options.sshLocalPort);
    if (decision.kind === "ignore") return;
    const entry = this.#entries.get(decision.hostPort);
    if (!entry || !entry.guests.delete(port.ip) || entry.guests.size > 0) return;
    this.#entries.delete(decision.hostPort);
    entry.closed = true;
    if (!entry.forward) return;
    entry.forward.close();
    const guestAddr = addressText(port.ip, port.port);
    this.#options.log.info(`Stopping forwarding TCP from ${guestAddr} to ${entry.hostAddr}`);
    this.#options.onEvent({ type: "stopping", protocol: "tcp", guestAddr, hostAddr: entry.hostAddr });
  }

  /** What is open now. */
  list(): { protocol: "tcp"; guestAddr: string; hostAddr: string }[] {
    return [...this.#entries.values()].flatMap((entry) => {
      const guest = entry.guests.values().next().value;
      return entry.forward && guest ? [{ protocol: "tcp" as const, guestAddr: addressText(guest.ip, guest.port), hostAddr: entry.hostAddr }] : [];
    });
  }

  /** Closes every listener and connection; the VM is going down. */
  closeAll(): void {
    for (const entry of this.#entries.values()) {
      entry.closed = true;
      entry.forward?.close();
    }
    this.#entries.clear();
  }
}

function listenFailure(error: unknown, port: number): string {
  if (codeOf(error) === "EADDRINUSE") {
    const owner = tcpPortOwner(port);
    return `the host port is in use${owner === undefined ? "" : ` by ${owner}`}`;
  }
  if (codeOf(error) === "EACCES") return "host ports below 1024 need privileges";
  return messageOf(error);
}
