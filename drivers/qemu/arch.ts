import type { Arch } from "../../lib/config/schema.ts";

const QEMU_NAMES: Readonly<Partial<Record<Arch, string>>> = { armv7l: "arm", ppc64le: "ppc64" };

/** The architecture as QEMU's program names spell it. */
export function qemuArch(arch: Arch): string {
  return QEMU_NAMES[arch] ?? arch;
}
