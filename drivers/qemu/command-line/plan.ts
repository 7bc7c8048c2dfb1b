import type { Arch, Config } from "../../../lib/config/schema.ts";
import type { BootDisk } from "../disk/layout.ts";
import type { Firmware } from "../firmware.ts";
import type { Version } from "../version.ts";

/** How the guest's first code gets in. */
export type BootCode =
  | { readonly kind: "uefi"; readonly firmware: Firmware }
  /** What the machine type comes with: SeaBIOS, SLOF, s390-ccw. */
  | { readonly kind: "builtin" }
  | { readonly kind: "kernel"; readonly kernel: string; readonly initrd?: string; readonly cmdline?: string };

/** Everything the command line depends on, gathered beforehand: the same plan gives the same words. */
export interface Plan {
  readonly name: string;
  readonly arch: Arch;
  readonly config: Pick<Config, "cpus" | "memory" | "video">;
  /** Arguments from `$QEMU_SYSTEM_<ARCH>`. */
  readonly leading: readonly string[];
  readonly version: Version | undefined;
  /** QEMU's name: `kvm`, `hvf`, or `tcg` for emulation. */
  readonly accelerator: string;
  /** From `vmOpts.qemu.cpuType`, else undefined. */
  readonly cpuType: string | undefined;
  readonly boot: BootCode;
  readonly disk: BootDisk;
  /** Installer or live image: attached and booted first. */
  readonly iso: string | undefined;
  readonly sshLocalPort: number;
  readonly mac: string;
  /** Absolute paths. */
  readonly files: { readonly cidata: string; readonly pid: string; readonly serialLog: string; readonly serialPciLog: string; readonly serialVirtioLog: string };
  /** Paths to bind. */
  readonly sockets: { readonly qmp: string; readonly agent: string; readonly boot: string; readonly serial: string; /** Where {@link hasPciSerial}. */ readonly serialPci?: string; readonly serialVirtio: string };
}

/** `virtio-blk-pci`, or `virtio-blk-ccw` on the mainframe's channel bus. */
export function virtio(arch: Arch, device: string): string {
  return `virtio-${device}-${arch === "s390x" ? "ccw" : "pci"}`;
}

/** Kernels of these architectures log to a PCI serial port where their firmware knows no other. */
export function hasPciSerial(arch: Arch): boolean {
  return arch === "aarch64" || arch === "armv7l";
}
