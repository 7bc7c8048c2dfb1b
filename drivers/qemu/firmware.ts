import { stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { LimaError } from "../../lib/base/errors.ts";
import type { Arch } from "../../lib/config/schema.ts";
import { exists } from "../../lib/host/files.ts";
import { FILES } from "../../lib/store/filenames.ts";
import { installHint } from "./packages.ts";

type Env = Readonly<Record<string, string | undefined>>;

/** Names of the firmware in QEMU's own data directory, by architecture; absent: this architecture boots without. */
const EDK2: Readonly<Partial<Record<Arch, string>>> = { x86_64: "x86_64", aarch64: "aarch64", armv7l: "arm", riscv64: "riscv" };

/** Where distributions put it. */
const SYSTEM: Readonly<Partial<Record<Arch, readonly string[]>>> = {
  x86_64: [
    "/usr/share/edk2/x64/OVMF_CODE.4m.fd",
    "/usr/share/OVMF/OVMF_CODE.fd",
    "/usr/share/OVMF/OVMF_CODE_4M.fd",
    "/usr/share/edk2/ovmf/OVMF_CODE.fd",
    "/usr/share/qemu/ovmf-x86_64.bin",
    "/usr/share/qemu/ovmf-x86_64-4m.bin",
  ],
  aarch64: ["/usr/share/edk2/aarch64/QEMU_CODE.fd", "/usr/share/AAVMF/AAVMF_CODE.fd", "/usr/share/qemu-efi-aarch64/QEMU_EFI.fd"],
  armv7l: ["/usr/share/edk2/arm/QEMU_CODE.fd", "/usr/share/AAVMF/AAVMF32_CODE.fd"],
  riscv64: ["/usr/share/qemu-efi-riscv64/RISCV_VIRT_CODE.fd", "/usr/share/edk2/riscv/RISCV_VIRT_CODE.fd"],
};

/** Flash of the `virt` machine: an image of another size is no flash image and goes in by `-bios`. */
const VIRT_FLASH_BYTES = 64 * 1024 * 1024;

export interface Firmware {
  readonly path: string;
  readonly as: "pflash" | "bios";
}

/** True when guests of this architecture boot by UEFI, unless told otherwise. */
export function usesUefi(arch: Arch): boolean {
  return EDK2[arch] !== undefined;
}

/** True when `firmware.legacyBIOS` means something for this architecture. */
export function hasLegacyBios(arch: Arch): boolean {
  return arch === "x86_64" || arch === "armv7l";
}

/** All places where the firmware may be, the preferred first. `dir` is the instance directory, `program` QEMU's path. */
export function firmwareCandidates(arch: Arch, dir: string, program: string, env: Env): readonly string[] {
  const edk2 = EDK2[arch];
  if (edk2 === undefined) return [];
  const name = join("share", "qemu", `edk2-${edk2}-code.fd`);
  return [
    join(dir, FILES.efiCode),
    ...(env["HOME"] ? [join(env["HOME"], ".local", name)] : []),
    join(dirname(dirname(program)), name),
    ...(SYSTEM[arch] ?? []),
  ];
}

/** The UEFI firmware for a guest. Throws LimaError `FIRMWARE_NOT_FOUND`, naming the package. */
export async function findFirmware(arch: Arch, dir: string, program: string, env: Env): Promise<Firmware> {
  for (const path of firmwareCandidates(arch, dir, program, env)) {
    if (!(await exists(path))) continue;
    const virt = arch === "aarch64" || arch === "armv7l";
    return { path, as: virt && (await stat(path)).size !== VIRT_FLASH_BYTES ? "bios" : "pflash" };
  }
  const legacy = hasLegacyBios(arch) ? ', or set "firmware.legacyBIOS: true" if the image boots without UEFI' : "";
  throw new LimaError("FIRMWARE_NOT_FOUND", `cannot run a ${arch} guest: no UEFI firmware found`, { hint: `${installHint("firmware", arch, env)}${legacy}` });
}
