import type { Arch } from "../../lib/config/schema.ts";
import { which } from "../../lib/host/which.ts";
import { qemuArch } from "./arch.ts";

/** What can be missing on a host. */
export type Part = "qemu" | "qemu-img" | "firmware";

type Env = Readonly<Record<string, string | undefined>>;
type Names = (part: Part, arch: Arch) => string;

const DEBIAN_QEMU: Readonly<Record<Arch, string>> = {
  x86_64: "qemu-system-x86", aarch64: "qemu-system-arm", armv7l: "qemu-system-arm", ppc64le: "qemu-system-ppc",
  // Split off from -misc in Debian 13.
  riscv64: "qemu-system-misc (Debian 13 and later: qemu-system-riscv)", s390x: "qemu-system-misc (Debian 13 and later: qemu-system-s390x)",
};
const DEBIAN_FIRMWARE: Readonly<Partial<Record<Arch, string>>> = { x86_64: "ovmf", aarch64: "qemu-efi-aarch64", armv7l: "qemu-efi-arm", riscv64: "qemu-efi-riscv64" };
const FEDORA_QEMU: Readonly<Record<Arch, string>> = {
  x86_64: "qemu-system-x86", aarch64: "qemu-system-aarch64", armv7l: "qemu-system-arm", ppc64le: "qemu-system-ppc", riscv64: "qemu-system-riscv", s390x: "qemu-system-s390x",
};
const FEDORA_FIRMWARE: Readonly<Partial<Record<Arch, string>>> = { x86_64: "edk2-ovmf", aarch64: "edk2-aarch64", armv7l: "edk2-arm", riscv64: "edk2-riscv64" };

const debian: Names = (part, arch) => (part === "qemu" ? DEBIAN_QEMU[arch] : part === "qemu-img" ? "qemu-utils" : DEBIAN_FIRMWARE[arch] ?? "ovmf");
const fedora: Names = (part, arch) => (part === "qemu" ? FEDORA_QEMU[arch] : part === "qemu-img" ? "qemu-img" : FEDORA_FIRMWARE[arch] ?? "edk2-ovmf");
const arch: Names = (part, a) => (part === "qemu" ? `qemu-system-${a === "x86_64" ? "x86" : qemuArch(a)}` : part === "qemu-img" ? "qemu-img" : `edk2-${a === "x86_64" ? "ovmf" : qemuArch(a)}`);
const alpine: Names = (part, a) => (part === "qemu" ? `qemu-system-${qemuArch(a)}` : part === "qemu-img" ? "qemu-img" : "ovmf");
const suse: Names = (part, a) => (part === "qemu" ? ({ x86_64: "qemu-x86", aarch64: "qemu-arm", armv7l: "qemu-arm", ppc64le: "qemu-ppc", riscv64: "qemu-extra", s390x: "qemu-s390x" } as const)[a] : part === "qemu-img" ? "qemu-img" : a === "x86_64" ? "qemu-ovmf-x86_64" : `qemu-uefi-${a}`);
/** Homebrew's package has everything. */
const brew: Names = () => "qemu";

/** First one found in PATH wins; the last is the answer where none is. */
const MANAGERS: readonly (readonly [program: string, command: string, names: Names])[] = [
  ["apt-get", "apt-get install", debian],
  ["dnf", "dnf install", fedora],
  ["zypper", "zypper install", suse],
  ["pacman", "pacman -S", arch],
  ["apk", "apk add", alpine],
  ["brew", "brew install", brew],
];

/** The hint for a missing part: `apt-get install ovmf` in the words of this host's package manager. */
export function installHint(part: Part, guest: Arch, env: Env): string {
  const found = MANAGERS.find(([program]) => which(program, env) !== undefined);
  if (found) return `${found[1]} ${found[2](part, guest)}`;
  return `install ${debian(part, guest)} (Debian, Ubuntu), ${fedora(part, guest)} (Fedora) or qemu (Homebrew)`;
}
