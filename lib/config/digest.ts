const HEX_LENGTH: Readonly<Record<string, number>> = { sha256: 64, sha384: 96, sha512: 128 };

export interface Digest {
  readonly algorithm: "sha256" | "sha384" | "sha512";
  /** Lower case. */
  readonly hex: string;
}

/** Reads `sha256:HEX`, `sha384:HEX` or `sha512:HEX`; a string is the reason why the text is none. */
export function parseDigest(text: string): Digest | string {
  const match = /^([a-z0-9]+):([0-9a-f]+)$/.exec(text);
  if (match === null) return "invalid checksum digest format, write sha256: and lower-case hexadecimal digits";
  const [, algorithm = "", hex = ""] = match;
  const length = Object.hasOwn(HEX_LENGTH, algorithm) ? HEX_LENGTH[algorithm] : undefined;
  if (length === undefined) return `unsupported digest algorithm "${algorithm}", use sha256, sha384 or sha512`;
  if (hex.length !== length) return `invalid checksum digest length ${hex.length}, ${algorithm} has ${length} digits`;
  return { algorithm: algorithm as Digest["algorithm"], hex };
}
