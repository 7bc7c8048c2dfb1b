import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";

/** Asks the kernel for a TCP port that is free on 127.0.0.1 now. Another process may take it before it is used. */
export function freeTcpPort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

/** True when nothing listens on this TCP port of 127.0.0.1. */
export function isTcpPortFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.on("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}

/** Who listens on a TCP port: `name (pid N)`, as far as this user may see; undefined when it cannot be told. Linux only. */
export function tcpPortOwner(port: number): string | undefined {
  if (process.platform !== "linux") return undefined;
  const hex = port.toString(16).toUpperCase().padStart(4, "0");
  const inodes = new Set<string>();
  for (const file of ["/proc/net/tcp", "/proc/net/tcp6"]) {
    try {
      for (const line of readFileSync(file, "latin1").split("\n").slice(1)) {
        const fields = line.trim().split(/\s+/);
        if (fields[3] === "0A" && fields[1]?.endsWith(`:${hex}`) === true && fields[9] !== undefined) inodes.add(`socket:[${fields[9]}]`);
      }
    } catch {
      continue;
    }
  }
  if (inodes.size === 0) return undefined;
  for (const pid of readdirSync("/proc").filter((n) => /^\d+$/.test(n))) {
    try {
      if (readdirSync(`/proc/${pid}/fd`).some((fd) => inodes.has(readlinkSync(`/proc/${pid}/fd/${fd}`)))) {
        return `${readFileSync(`/proc/${pid}/comm`, "utf8").trim()} (pid ${pid})`;
      }
    } catch {
      continue;
    }
  }
  return undefined;
}
