import { readFileSync, realpathSync } from "node:fs";
import { arch, availableParallelism, hostname, totalmem } from "node:os";

const ARCH_NAMES: Readonly<Record<string, "x86_64" | "aarch64" | "armv7l" | "ppc64le" | "riscv64" | "s390x">> = {
  x64: "x86_64", arm64: "aarch64", arm: "armv7l", ppc64: "ppc64le", riscv64: "riscv64", s390x: "s390x",
};

/** The host's CPU architecture in Lima's spelling. */
export function hostArch(): "x86_64" | "aarch64" | "armv7l" | "ppc64le" | "riscv64" | "s390x" {
  return ARCH_NAMES[arch()] ?? "x86_64";
}

/** CPUs this process may use. */
export function hostCpus(): number {
  return availableParallelism();
}

/** RAM of the host in bytes. */
export function hostMemory(): number {
  return totalmem();
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8").trim();
  } catch {
    return "";
  }
}

let cachedMachineId: string | undefined;

/** Stable for this host; what guest MAC addresses are derived from. */
export function machineId(): string {
  if (cachedMachineId !== undefined) return cachedMachineId;
  if (process.platform === "darwin") {
    const { stdout } = Bun.spawnSync(["ioreg", "-rd1", "-c", "IOPlatformExpertDevice"]);
    cachedMachineId = /"IOPlatformUUID" = "([^"]+)"/.exec(stdout.toString())?.[1];
  }
  cachedMachineId ??= readText("/etc/machine-id") || readText("/var/lib/dbus/machine-id") || hostname();
  return cachedMachineId;
}

/** IANA name of the host's time zone (`Europe/Berlin`), or "" when it cannot be told. */
export function hostTimezone(): string {
  const named = readText("/etc/timezone");
  if (named !== "") return named;
  try {
    const target = realpathSync("/etc/localtime");
    return /\/zoneinfo\/(?:posix\/|right\/)?(.+)$/.exec(target)?.[1] ?? "";
  } catch {
    return "";
  }
}
