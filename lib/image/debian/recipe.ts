import type { Arch } from "../../config/schema.ts";
import { LimaError } from "../../base/errors.ts";
import buildScript from "./build.sh" with { type: "text" };
import finishScript from "./finish.sh" with { type: "text" };
import initScript from "./init.sh" with { type: "text" };

/** What differs between architectures. */
interface Port {
  /** Debian's name of it. */
  readonly arch: string;
  readonly kernelPackage: string;
  readonly console: string;
}

const PORTS: Readonly<Partial<Record<Arch, Port>>> = {
  x86_64: { arch: "amd64", kernelPackage: "linux-image-cloud-amd64", console: "ttyS0" },
  aarch64: { arch: "arm64", kernelPackage: "linux-image-cloud-arm64", console: "ttyAMA0" },
};

/** What the guest needs to boot, to be set up by cloud-init and to be worked in, and what the boot scripts would else install one by one. */
const PACKAGES = [
  "systemd-sysv", "systemd-resolved", "systemd-timesyncd", "libnss-myhostname", "libpam-systemd", "udev", "dbus", "dbus-user-session",
  "cloud-init", "cloud-guest-utils", "openssh-server", "sudo",
  "iproute2", "iputils-ping", "iptables", "ca-certificates", "curl",
  "kmod", "procps", "e2fsprogs", "fdisk", "tzdata", "less", "vim-tiny", "rsync",
  "fuse3", "sshfs", "uidmap",
  // Only for the initrd: its one program.
  "busybox-static",
];

/** Left out to save time and space; the licences stay. Packages that are installed in the guest later bring theirs. */
const DPKG_OPTIONS = [
  "path-exclude=/usr/share/doc/*", "path-include=/usr/share/doc/*/copyright",
  "path-exclude=/usr/share/man/*", "path-exclude=/usr/share/info/*", "path-exclude=/usr/share/locale/*", "path-exclude=/usr/share/i18n/*",
  "path-exclude=/usr/share/lintian/*", "path-exclude=/usr/share/bug/*",
  // Nobody needs half an image after a power failure.
  "force-unsafe-io",
];

const APT_OPTIONS = ['APT::Install-Recommends "false"', 'Acquire::Languages "none"'];

/** Instead of the host's /etc/mke2fs.conf: features that every supported guest kernel and e2fsprogs knows. */
const MKE2FS_CONF = `[defaults]
base_features = sparse_super,large_file,filetype,resize_inode,dir_index,ext_attr
default_mntopts = acl,user_xattr
enable_periodic_fsck = 0
blocksize = 4096
inode_size = 256
inode_ratio = 16384
reserved_ratio = 1.0
[fs_types]
ext4 = {
features = has_journal,extent,huge_file,flex_bg,metadata_csum,64bit,dir_nlink,extra_isize
}
`;

/** Label of the root file system. Data disks are labelled `lima-NAME`, so none can take it. */
const LABEL = "debian-root";
/** The file system grows to the disk at every boot. */
const SIZE = "2G";

type RecipeFile = "build.sh" | "finish.sh" | "init.sh" | "mke2fs.conf" | "dpkg-options" | "apt-options";

/** Everything that decides what is in an image, but for the mirror's packages. */
export interface Recipe {
  readonly debianArch: string;
  /** Content of `kernel.cmdline`. */
  readonly cmdline: string;
  /** By name, the files that the build directory must have. */
  readonly files: Readonly<Record<RecipeFile, string>>;
  /** Environment of the build script. */
  readonly env: Readonly<Record<string, string>>;
  /** Changes with everything above. */
  readonly hash: string;
}

/** The suite in an image location `debian:SUITE`, or undefined for another location. Throws LimaError `INVALID_IMAGE` for what cannot be a suite. */
export function debianSuite(location: string): string | undefined {
  if (!location.startsWith("debian:")) return undefined;
  const suite = location.slice("debian:".length);
  if (!/^[a-z][a-z0-9-]*$/.test(suite)) throw new LimaError("INVALID_IMAGE", `cannot build image "${location}": write debian: and the name of a suite, such as debian:trixie`);
  return suite;
}

/** A text file of these lines. */
export function lines(texts: readonly string[]): string {
  return texts.map((text) => `${text}\n`).join("");
}

/** Throws LimaError `UNSUPPORTED_ARCH`. */
export function recipeFor(suite: string, arch: Arch): Recipe {
  const port = PORTS[arch];
  if (port === undefined) throw new LimaError("UNSUPPORTED_ARCH", `cannot build image "debian:${suite}" for ${arch}: only for ${Object.keys(PORTS).join(" and ")}`);
  const cmdline = [
    `root=LABEL=${LABEL}`, "rw", "console=tty0", `console=${port.console}`, "net.ifnames=0",
    // Each one off is time saved at boot: systemd loads a program into the bpf module, and audit reports every service.
    "lsm=landlock,lockdown,yama,apparmor", "audit=0",
  ].join(" ");
  const files = {
    "build.sh": buildScript, "finish.sh": finishScript, "init.sh": initScript,
    "mke2fs.conf": MKE2FS_CONF, "dpkg-options": lines(DPKG_OPTIONS), "apt-options": lines(APT_OPTIONS),
  };
  const env = { LABEL, SIZE, SUITE: suite, DEBIAN_ARCH: port.arch, KERNEL_PACKAGE: port.kernelPackage, PACKAGES: [...PACKAGES, port.kernelPackage].join(",") };
  const hash = new Bun.CryptoHasher("sha256").update(JSON.stringify({ cmdline, files, env })).digest("hex").slice(0, 16);
  return { debianArch: port.arch, cmdline, files, env, hash };
}
