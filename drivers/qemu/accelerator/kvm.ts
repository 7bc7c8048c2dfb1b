import { open, readFile, stat } from "node:fs/promises";
import { codeOf } from "../../../lib/base/errors.ts";
import type { Arch } from "../../../lib/config/schema.ts";
import { exists } from "../../../lib/host/files.ts";

/** What can be seen of KVM without running anything under it. */
export interface KvmFacts {
  readonly device: "open" | "absent" | "denied";
  /** Group that may open the device, when it is `denied`. */
  readonly group?: string;
  /** x86: the CPU says vmx or svm, or kvm_intel or kvm_amd is loaded. */
  readonly hardware: boolean;
}

/** Why KVM is not worth a trial, or undefined when it is. */
export function kvmRefusal(arch: Arch, facts: KvmFacts): string | undefined {
  switch (facts.device) {
    case "absent":
      return "kvm is not available: /dev/kvm does not exist";
    case "denied":
      return `kvm is not available: no permission to open /dev/kvm${facts.group === undefined ? "" : `, join the group "${facts.group}"`}`;
    case "open":
      // A software KVM (nested hosts) opens like a real one, and its guests hang.
      if (arch === "x86_64" && !facts.hardware) return "kvm is unusable here: /dev/kvm opens, but the CPU offers neither vmx nor svm";
      return undefined;
  }
}

async function groupName(gid: number): Promise<string | undefined> {
  const text = await readFile("/etc/group", "utf8").catch(() => "");
  return text.split("\n").map((line) => line.split(":")).find((fields) => fields[2] === String(gid))?.[0];
}

async function hasHardware(): Promise<boolean> {
  const cpuinfo = await readFile("/proc/cpuinfo", "utf8").catch(() => "");
  if (/^flags\s*:.*\b(vmx|svm)\b/m.test(cpuinfo)) return true;
  return (await exists("/sys/module/kvm_intel")) || (await exists("/sys/module/kvm_amd"));
}

/** Looks at /dev/kvm and the CPU of this host. */
export async function readKvmFacts(): Promise<KvmFacts> {
  try {
    await (await open("/dev/kvm", "r+")).close();
  } catch (error) {
    const denied = codeOf(error) === "EACCES" || codeOf(error) === "EPERM";
    if (!denied) return { device: "absent", hardware: false };
    const group = await groupName((await stat("/dev/kvm")).gid);
    return { device: "denied", hardware: true, ...(group === undefined ? {} : { group }) };
  }
  return { device: "open", hardware: await hasHardware() };
}
