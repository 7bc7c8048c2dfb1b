/**
 * The release of the reference whose lima.yaml this program understands; what `minimumLimaVersion` is held against,
 * because templates name the reference's releases.
 */
export const COMPATIBLE_VERSION = "2.2.0";

type Triple = readonly [number, number, number];

/** Reads `X.Y.Z` with an optional `v` before it; what follows a `-` or a `+`, and a trailing `.m`, do not count. Undefined when it is none. */
export function parseVersion(text: string): Triple | undefined {
  const numbers = text.trim().replace(/^v/, "").replace(/[-+].*$/s, "").replace(/\.m$/, "");
  const match = /^(\d{1,9})\.(\d{1,9})\.(\d{1,9})$/.exec(numbers);
  return match === null ? undefined : [Number(match[1]), Number(match[2]), Number(match[3])];
}

/** Below, equal or above zero, by the three numbers alone. */
export function compareTriples(a: Triple, b: Triple): number {
  return a[0] - b[0] || a[1] - b[1] || a[2] - b[2];
}

/**
 * Is the version that made an instance at least `release` of the reference? "" (a directory from before versions were
 * written) is older than everything. Newer than everything: what cannot be read (`<unknown>`, a commit id), and 0.x,
 * because the reference writes the file since 1.0 only, so 0.x is an early release of this program. A `-` behind equal
 * numbers means commits after the release.
 */
export function isAtLeast(version: string, release: string): boolean {
  if (version.trim() === "") return false;
  const made = parseVersion(version);
  const wanted = parseVersion(release);
  if (made === undefined || wanted === undefined || made[0] === 0) return true;
  return compareTriples(made, wanted) >= 0;
}
