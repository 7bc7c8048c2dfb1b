import type { Arch } from "../../../lib/config/schema.ts";
import { atLeast, type Version } from "../version.ts";
import type { ArgumentList } from "./arguments.ts";
import type { Plan } from "./plan.ts";

function machineType(arch: Arch, version: Version | undefined): string {
  switch (arch) {
    case "x86_64":
      return "q35,vmport=off";
    case "aarch64":
    case "armv7l":
      return "virt";
    case "riscv64":
      // Guest kernels boot from the device tree; before QEMU 8.0 there was no ACPI to switch off.
      return atLeast(version, 8, 0) ? "virt,acpi=off" : "virt";
    case "ppc64le":
      return "pseries";
    case "s390x":
      return "s390-ccw-virtio";
  }
}

/** The CPU model when the configuration names none. */
export function defaultCpu(arch: Arch, accelerator: string, version: Version | undefined): string {
  if (accelerator === "hvf" && arch === "x86_64") return "host,-avx512vl,-pdpe1gb";
  if (accelerator !== "tcg") return "host";
  // The architected pointer authentication takes up to half of the time of an emulated aarch64 guest.
  if (arch === "aarch64" && atLeast(version, 6, 0)) return "max,pauth-impdef=on";
  // Measured with 7.2: an interrupt just after an emulated CMPXCHG16B finds garbage in the flags. Linux 6.12 uses it in its
  // allocator and panicked in a quarter of its boots; without the instruction offered it takes another path.
  if (arch === "x86_64" && !atLeast(version, 8, 0)) return "max,cx16=off";
  if (arch === "riscv64" && !atLeast(version, 8, 2)) return "rv64";
  return "max";
}

function cpu(list: ArgumentList, plan: Plan): string {
  const standard = defaultCpu(plan.arch, plan.accelerator, plan.version);
  if (plan.cpuType === undefined) return standard;
  if (plan.accelerator === "tcg" && /^host(,|$)/.test(plan.cpuType)) {
    list.warnings.push(`CPU type "${plan.cpuType}" needs an accelerator, using "${standard}" instead`);
    return standard;
  }
  return plan.cpuType;
}

/** Memory, CPU, machine type and accelerator. */
export function machineArguments(list: ArgumentList, plan: Plan): void {
  // No default CD-ROM drive, network card, monitor and ports: what a guest finds is what is named below.
  list.flag("-nodefaults");
  list.once("-m", String(Math.floor(plan.config.memory / 2 ** 20)));
  list.once("-cpu", cpu(list, plan));
  list.once("-machine", machineType(plan.arch, plan.version));
  // QEMU refuses the two ways to name one together.
  if (!/(^|,)accel=/.test(list.given("-machine") ?? "")) {
    // 512 MiB of translated code: a booting distribution overflows the default and translates everything again.
    list.once("-accel", plan.accelerator === "tcg" ? "tcg,thread=multi,tb-size=512" : plan.accelerator);
  }
  if (plan.arch === "x86_64" && list.given("-machine") === undefined) {
    // Nothing would ever wake a guest that suspends itself.
    list.add("-global", "ICH9-LPC.disable_s3=1");
    list.add("-global", "ICH9-LPC.disable_s4=1");
  }
  list.once("-smp", `${plan.config.cpus},sockets=1,cores=${plan.config.cpus},threads=1`);
}
