/**
 * What the host agent and the guest agent say to each other: JSON messages in frames of kind 0.
 * The host speaks first on every connection (a write to a virtio port whose host end is closed would block).
 */

/** One listening socket in the guest. `ip` is textual (`0.0.0.0`, `::`, `127.0.0.1`, `::1`; mapped IPv4 is written as IPv4). */
export interface GuestPort {
  readonly protocol: "tcp" | "udp";
  readonly ip: string;
  readonly port: number;
}

/** Host → guest. */
export type HostMessage =
  /** First message of a connection; `nonce` comes back in the reply, so answers to an earlier connection are told apart. */
  | { readonly kind: "hello"; readonly version: number; readonly nonce: string }
  /** Are you there? Answered by `pong` with the same id. */
  | { readonly kind: "ping"; readonly id: number }
  /** Sets the guest's clock when it is off by more than `thresholdMs`. `hostTime` is Unix time in milliseconds. Answered by `timeSynced`. */
  | { readonly kind: "timeSync"; readonly id: number; readonly hostTime: number; readonly thresholdMs: number };

/** Guest → host. */
export type GuestMessage =
  /** Answer to `hello`. It is followed at once by a `ports` message with everything that listens now. */
  | { readonly kind: "hello"; readonly version: number; readonly nonce: string; readonly agent: string; readonly bootId: string }
  | { readonly kind: "pong"; readonly id: number; readonly rssBytes: number; readonly cpuMs: number }
  /** `full`: `added` is the whole list (after `hello`), else the difference to what was said before. */
  | { readonly kind: "ports"; readonly full: boolean; readonly added: readonly GuestPort[]; readonly removed: readonly GuestPort[] }
  | { readonly kind: "timeSynced"; readonly id: number; readonly adjusted: boolean; readonly driftMs: number; readonly error?: string }
  /** Something the user should hear of; goes to the host agent's log. */
  | { readonly kind: "log"; readonly level: "info" | "warning" | "error"; readonly message: string };

/** Name of the virtio port the agent talks over; the device is /dev/virtio-ports/NAME. */
export const AGENT_PORT = "io.lima-vm.guest_agent.0";

const LEVELS: readonly unknown[] = ["info", "warning", "error"];

function isPort(value: unknown): value is GuestPort {
  if (typeof value !== "object" || value === null) return false;
  const { protocol, ip, port } = value as Record<string, unknown>;
  return (
    (protocol === "tcp" || protocol === "udp") &&
    typeof ip === "string" && ip.length <= 45 &&
    typeof port === "number" && Number.isInteger(port) && port >= 1 && port <= 65535
  );
}

/** Most ports taken from one message; more are cut off rather than believed. */
export const MAX_PORTS = 4096;

/** Checks a decoded payload from the guest, which is not trusted: undefined when it is no message of ours. */
export function parseGuestMessage(payload: Uint8Array): GuestMessage | undefined {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder().decode(payload));
  } catch {
    return undefined;
  }
  if (typeof value !== "object" || value === null) return undefined;
  const m = value as Record<string, unknown>;
  const id = typeof m["id"] === "number" ? m["id"] : undefined;
  switch (m["kind"]) {
    case "hello":
      if (typeof m["version"] !== "number" || typeof m["nonce"] !== "string" || typeof m["agent"] !== "string" || typeof m["bootId"] !== "string") return undefined;
      return { kind: "hello", version: m["version"], nonce: m["nonce"], agent: m["agent"].slice(0, 64), bootId: m["bootId"].slice(0, 64) };
    case "pong":
      if (id === undefined || typeof m["rssBytes"] !== "number" || typeof m["cpuMs"] !== "number") return undefined;
      return { kind: "pong", id, rssBytes: m["rssBytes"], cpuMs: m["cpuMs"] };
    case "ports": {
      const { added, removed } = m;
      if (!Array.isArray(added) || !Array.isArray(removed)) return undefined;
      return { kind: "ports", full: m["full"] === true, added: added.slice(0, MAX_PORTS).filter(isPort), removed: removed.slice(0, MAX_PORTS).filter(isPort) };
    }
    case "timeSynced":
      if (id === undefined || typeof m["driftMs"] !== "number") return undefined;
      return { kind: "timeSynced", id, adjusted: m["adjusted"] === true, driftMs: m["driftMs"], ...(typeof m["error"] === "string" ? { error: m["error"].slice(0, 500) } : {}) };
    case "log":
      if (typeof m["message"] !== "string" || !LEVELS.includes(m["level"])) return undefined;
      return { kind: "log", level: m["level"] as "info" | "warning" | "error", message: m["message"].slice(0, 2000) };
    default:
      return undefined;
  }
}
