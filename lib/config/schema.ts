/** The configuration with every default filled in: what the rest of the program works with. Field meanings: lima.yaml. */

export const ARCHES = ["x86_64", "aarch64", "armv7l", "ppc64le", "riscv64", "s390x"] as const;
export type Arch = (typeof ARCHES)[number];

export interface FileRef {
  /** URL, `debian:SUITE`, or a path (absolute after loading). */
  readonly location: string;
  readonly arch: Arch;
  /** `sha256:HEX`, `sha384:HEX` or `sha512:HEX`. */
  readonly digest?: string;
}

export interface ImageRef extends FileRef {
  readonly kernel?: FileRef & { readonly cmdline?: string };
  readonly initrd?: FileRef;
  readonly variant?: string;
  readonly archVariant?: string;
}

export type ProvisionMode = "system" | "user" | "boot" | "dependency" | "data";

export interface Provision {
  readonly mode: ProvisionMode;
  /** Not for `data`. */
  readonly script: string;
  /** `dependency` only. */
  readonly skipDefaultDependencyResolution: boolean;
  /** `data` only: what goes into `path`. */
  readonly content?: string;
  readonly path?: string;
  readonly owner?: string;
  /** Octal digits, e.g. `644`. */
  readonly permissions?: string;
  readonly overwrite?: boolean;
}

export interface Probe {
  readonly mode: "readiness";
  readonly description: string;
  readonly script: string;
  readonly hint: string;
}

export interface Config {
  readonly minimumLimaVersion?: string;
  readonly vmType: string;
  readonly os: "Linux";
  readonly arch: Arch;
  readonly images: readonly ImageRef[];
  readonly cpus: number;
  /** Bytes. */
  readonly memory: number;
  /** Bytes. */
  readonly disk: number;
  readonly timezone: string;
  readonly plain: boolean;
  readonly upgradePackages: boolean;
  readonly guestInstallPrefix: string;
  readonly message: string;
  readonly propagateProxyEnv: boolean;
  readonly user: {
    readonly name: string;
    readonly comment: string;
    readonly home: string;
    readonly shell: string;
    readonly uid: number;
    /** Follows the host user's, so that files shared later keep their group. */
    readonly gid: number;
  };
  readonly ssh: {
    /** 0: a free port at each start. */
    readonly localPort: number;
    readonly loadDotSSHPubKeys: boolean;
    readonly forwardAgent: boolean;
  };
  readonly firmware: { readonly legacyBIOS: boolean };
  readonly video: { readonly display: string; readonly vnc: { readonly display: string } };
  readonly provision: readonly Provision[];
  readonly probes: readonly Probe[];
  readonly env: Readonly<Record<string, string>>;
  readonly param: Readonly<Record<string, string>>;
  readonly dns: readonly string[];
  readonly caCerts: { readonly removeDefaults: boolean; readonly files: readonly string[]; readonly certs: readonly string[] };
  readonly vmOpts: { readonly qemu: { readonly minimumVersion?: string; readonly cpuType: Readonly<Partial<Record<Arch, string>>> } };
}
