import { readFileSync } from "node:fs";
import type { GuestPort } from "../../lib/protocol/guest.ts";
import { ipv6Text } from "./sock-diag.ts";

const LISTEN = "0A";

/** Address bytes as /proc/net prints them: 32-bit words in the host's (little-endian) order. */
function addressBytes(hex: string): Uint8Array {
  const raw = Buffer.from(hex, "hex");
  for (let i = 0; i + 4 <= raw.length; i += 4) raw.subarray(i, i + 4).reverse();
  return raw;
}

/** Listening sockets in the text of /proc/net/tcp or tcp6. */
export function parseProcNet(text: string): GuestPort[] {
  return text.split("\n").slice(1).flatMap((line) => {
    const [, local, , state] = line.trim().split(/\s+/, 4);
    const [ip, port] = local?.split(":") ?? [];
    if (state !== LISTEN || ip === undefined || port === undefined) return [];
    const bytes = addressBytes(ip);
    return [{ protocol: "tcp" as const, ip: bytes.length === 4 ? bytes.join(".") : ipv6Text(bytes), port: Number.parseInt(port, 16) }];
  });
}

/** The same list as sock_diag, for kernels without it. */
export function listProcNet(): GuestPort[] {
  return ["/proc/net/tcp", "/proc/net/tcp6"].flatMap((file) => {
    try {
      return parseProcNet(readFileSync(file, "latin1"));
    } catch {
      return [];
    }
  });
}
