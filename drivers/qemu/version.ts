import { LimaError } from "../../lib/base/errors.ts";

export interface Version {
  readonly major: number;
  readonly minor: number;
  readonly micro: number;
}

/** Below this nothing is expected to work; between the two it may. */
const HARD_FLOOR: Version = process.platform === "darwin" ? { major: 7, minor: 0, micro: 0 } : { major: 4, minor: 0, micro: 0 };
const SOFT_FLOOR: Version = process.platform === "darwin" ? { major: 8, minor: 2, micro: 1 } : { major: 6, minor: 2, micro: 0 };

/** Finds the version in what `qemu-system-x --version` prints; undefined when it says nothing of the kind. */
export function parseQemuVersion(text: string): Version | undefined {
  const match = /QEMU emulator version (\d+)\.(\d+)\.(\d+)/.exec(text);
  return match ? { major: Number(match[1]), minor: Number(match[2]), micro: Number(match[3]) } : undefined;
}

/** Parses `8.2.1`, `8.2` or `8`; undefined for anything else. */
export function parseVersion(text: string): Version | undefined {
  const match = /^v?(\d+)(?:\.(\d+))?(?:\.(\d+))?(?:[-+].*)?$/.exec(text);
  return match ? { major: Number(match[1]), minor: Number(match[2] ?? 0), micro: Number(match[3] ?? 0) } : undefined;
}

/** Negative, zero or positive as `a` is older than, equal to or newer than `b`. */
export function compareVersions(a: Version, b: Version): number {
  return a.major - b.major || a.minor - b.minor || a.micro - b.micro;
}

export function versionText(version: Version): string {
  return `${version.major}.${version.minor}.${version.micro}`;
}

/** `version >= major.minor`; an unknown version counts as a recent one. */
export function atLeast(version: Version | undefined, major: number, minor: number): boolean {
  return version === undefined || compareVersions(version, { major, minor, micro: 0 }) >= 0;
}

/**
 * Holds a QEMU against the floors of this program and against `vmOpts.qemu.minimumVersion`. Returns a warning for the log,
 * or undefined. Throws LimaError `QEMU_TOO_OLD`, or `BAD_VERSION` when `minimum` is no version.
 */
export function checkVersion(version: Version | undefined, minimum: string | undefined): string | undefined {
  const wanted = minimum === undefined ? undefined : parseVersion(minimum);
  if (minimum !== undefined && wanted === undefined) throw new LimaError("BAD_VERSION", `cannot read vmOpts.qemu.minimumVersion "${minimum}": must be like 8.2.1`);
  if (version === undefined) return "cannot tell the version of QEMU; going on without checking it";
  const floor = wanted !== undefined && compareVersions(wanted, HARD_FLOOR) > 0 ? wanted : HARD_FLOOR;
  if (compareVersions(version, floor) < 0) {
    throw new LimaError("QEMU_TOO_OLD", `cannot use QEMU ${versionText(version)}: ${versionText(floor)} or later is needed`, { hint: "upgrade QEMU" });
  }
  return compareVersions(version, SOFT_FLOOR) < 0 ? `QEMU ${versionText(version)} is old: ${versionText(SOFT_FLOOR)} or later is recommended` : undefined;
}
