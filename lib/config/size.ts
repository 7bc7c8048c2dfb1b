const UNITS = "kmgtp";
const SIZE = /^(\d+(?:\.\d*)?|\.\d+) ?([a-z]*)$/i;

export type SizeResult = { readonly bytes: number } | { readonly reason: string };

/**
 * Reads a size: a number, then at most one space, then a unit. Units are powers of 1024 whatever their spelling
 * (`4G` = `4GB` = `4GiB`), in any case; without a unit the number is bytes. Fractions of a byte are cut off.
 */
export function parseSize(text: string | number): SizeResult {
  if (typeof text === "number") return toBytes(text, 0);
  const match = SIZE.exec(text.trim());
  if (match === null) return { reason: "invalid size, write a number and a unit such as 4GiB" };
  const suffix = (match[2] ?? "").toLowerCase();
  if (suffix === "" || suffix === "b") return toBytes(Number(match[1]), 0);
  const power = UNITS.indexOf(suffix.charAt(0)) + 1;
  if (power === 0 || !["", "b", "ib"].includes(suffix.slice(1))) return { reason: `invalid suffix "${suffix}", use B, KiB, MiB, GiB, TiB or PiB` };
  return toBytes(Number(match[1]), power);
}

function toBytes(value: number, power: number): SizeResult {
  const bytes = Math.trunc(value * 1024 ** power);
  if (!(bytes >= 0)) return { reason: "invalid size, must not be negative" };
  return Number.isSafeInteger(bytes) ? { bytes } : { reason: "invalid size, must be below 8PiB" };
}

/** Bytes with four significant digits: `4GiB`, `3.732GiB`, `512B`. */
export function formatSize(bytes: number): string {
  const names = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < names.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${Number(value.toPrecision(4))}${names[unit]}`;
}
