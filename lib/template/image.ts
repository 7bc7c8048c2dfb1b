import type { Arch } from "../config/schema.ts";
import { stringifyYaml } from "../config/yaml.ts";
import { lastPart, nameFromFile } from "./name.ts";

const SUFFIX = /\.(?:img|qcow2|raw|iso|ipsw)(?:\.(?:gz|xz|bz2|zstd))?$/i;

/** Does a locator name a disk image rather than a template? */
export function isImageLocator(locator: string): boolean {
  return SUFFIX.test(lastPart(locator));
}

const ARCH_WORDS: readonly (readonly [word: RegExp, arch: Arch])[] = [
  [/\b(?:amd64|x86_64)\b/, "x86_64"],
  [/\b(?:arm64|aarch64)\b/, "aarch64"],
  [/\b(?:armhf|armv7l)\b/, "armv7l"],
  [/\b(?:ppc64el|ppc64le)\b/, "ppc64le"],
  [/\briscv64\b/, "riscv64"],
  [/\bs390x\b/, "s390x"],
];

/** A dash or an underscore ends a word in a file name; `x86_64` holds one of its own. */
function archOf(file: string): Arch | undefined {
  const words = file.replaceAll("x86_64", "amd64").replaceAll("_", "-");
  return ARCH_WORDS.find(([word]) => word.test(words))?.[1];
}

const TAGS = "base|basic|cloud|cloudimg|cloudinit|current|daily|default|generic|genericcloud|kvm|latest|linux|minimal|openstack|release|restore|server|std|stream|uefi|vm";

/** `ubuntu-24.04-server-cloudimg-arm64.img` → `ubuntu-24.04-arm64`; the host's own architecture is left out. */
function nameOf(file: string, hostArch: Arch): string | undefined {
  const native: Record<Arch, string> = { x86_64: "amd64|x86_64", aarch64: "arm64|aarch64", armv7l: "armhf|armv7l", ppc64le: "ppc64el|ppc64le", riscv64: "riscv64", s390x: "s390x" };
  const name = file
    .toLowerCase()
    .replace(SUFFIX, "")
    .replace(/^nocloud_/, "")
    .replace(new RegExp(`[-_.](?:${TAGS})(?![a-z0-9])`, "g"), "")
    .replace("arm64-aarch64", "arm64")
    .replace(new RegExp(`[-_.](?:${native[hostArch]})(?![a-z0-9])`, "g"), "")
    .replace(/[-_.]20\d{6}(?:[-_.]\d+)*(?![a-z0-9])/g, "")
    .replace(/^arch(?![a-z])/, "archlinux")
    .replace("-8-8.", "-8.");
  return nameFromFile(name);
}

/** Other systems are recognised to be refused by name when the template is loaded. */
function osOf(file: string): string {
  const words = file.replaceAll("_", "-");
  if (/\bfreebsd\b/i.test(words)) return "FreeBSD";
  return /\bmacos\b|\.ipsw\b/i.test(words) ? "Darwin" : "Linux";
}

export interface ImageTemplate {
  readonly text: string;
  readonly name: string | undefined;
  /** The file name does not tell the architecture: the host's was taken. */
  readonly guessed: boolean;
  readonly arch: Arch;
}

/** A template that holds one image; `location` is a URL or an absolute path. */
export function imageTemplate(location: string, hostArch: Arch): ImageTemplate {
  const file = lastPart(location);
  const found = archOf(file);
  const arch = found ?? hostArch;
  return { text: stringifyYaml({ os: osOf(file), arch, images: [{ location, arch }] }), name: nameOf(file, hostArch), guessed: found === undefined, arch };
}
