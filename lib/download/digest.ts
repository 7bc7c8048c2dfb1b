import { createReadStream } from "node:fs";
import { LimaError } from "../base/errors.ts";
import { type Digest, parseDigest } from "../config/digest.ts";

export type { Digest } from "../config/digest.ts";

/** Reads a digest that the configuration has checked before; throws LimaError `INVALID_DIGEST` otherwise. */
export function digestOf(text: string): Digest {
  const digest = parseDigest(text);
  if (typeof digest === "string") throw new LimaError("INVALID_DIGEST", `cannot read digest "${text}": ${digest}`);
  return digest;
}

/** `algorithm:hex`, the form in which digests are written and stored. */
export function digestText(digest: Digest): string {
  return `${digest.algorithm}:${digest.hex}`;
}

/** Feeds a file into a hasher, chunk by chunk. Throws system errors, and the signal's reason when aborted. */
export async function hashInto(hasher: Bun.CryptoHasher, path: string, signal?: AbortSignal): Promise<void> {
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) {
    signal?.throwIfAborted();
    hasher.update(chunk as Buffer);
  }
}

/** Throws LimaError `DIGEST_MISMATCH` unless the file has that digest. `name` is what the message calls it. */
export async function verifyFile(path: string, want: Digest, name: string, signal?: AbortSignal): Promise<void> {
  const hasher = new Bun.CryptoHasher(want.algorithm);
  await hashInto(hasher, path, signal);
  const got = hasher.digest("hex");
  if (got !== want.hex) throw mismatch(name, want, got);
}

export function mismatch(name: string, want: Digest, got: string): LimaError {
  return new LimaError("DIGEST_MISMATCH", `cannot use "${name}": its digest is wrong, expected ${digestText(want)}, got ${want.algorithm}:${got}`);
}
