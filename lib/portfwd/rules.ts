import type { GuestPort } from "../protocol/guest.ts";

/** What becomes of a listener in the guest. */
export type Decision =
  | { readonly kind: "forward"; readonly hostIp: string; readonly hostPort: number }
  /** `quiet`: not worth telling the user (the guest's own sshd). */
  | { readonly kind: "ignore"; readonly quiet: boolean };

/** Addresses on which a guest program is meant to be reached from its own machine; others belong to some network of the guest. */
const LOCAL = new Set(["127.0.0.1", "0.0.0.0", "::1", "::"]);

/** LLMNR: systemd-resolved in the guest answers its own network there; nobody on the host asks. */
const LLMNR = 5355;

/**
 * The built-in rules: the guest's sshd and the instance's own ssh port are never forwarded (a guest program could
 * otherwise take over the host's way in), everything local appears on the host's 127.0.0.1 at the same port.
 */
export function decide(port: GuestPort, sshLocalPort: number): Decision {
  if (port.port === 22 || port.port === sshLocalPort || port.port === LLMNR) return { kind: "ignore", quiet: true };
  // 127.0.0.53 and its like: services of the guest for itself.
  if (!LOCAL.has(port.ip)) return { kind: "ignore", quiet: port.ip.startsWith("127.") };
  if (port.protocol !== "tcp") return { kind: "ignore", quiet: false };
  return { kind: "forward", hostIp: "127.0.0.1", hostPort: port.port };
}

/** `IP:PORT`, IPv6 in brackets. */
export function addressText(ip: string, port: number): string {
  return ip.includes(":") ? `[${ip}]:${port}` : `${ip}:${port}`;
}

/** Where to dial inside the guest to reach a listener: wildcard addresses are no destinations. */
export function dialAddress(ip: string): string {
  if (ip === "0.0.0.0") return "127.0.0.1";
  return ip === "::" ? "::1" : ip;
}
