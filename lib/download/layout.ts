import { join } from "node:path";

/**
 * Names in one entry of the download cache, `CACHE/download/by-url-sha256/<sha256 of the URL>/` (mode 0700). The layout
 * is shared with other programs of this name: `url`, `data`, `<algorithm>.digest`, `time` and `type` are theirs too.
 */
export const ENTRY = {
  /** The key: the URL, no newline. */
  url: "url",
  /** The bytes as served, still compressed; mode 0444, hard links of it are handed out. */
  data: "data",
  /** Last-Modified as served, may be empty. */
  time: "time",
  /** Content-Type as served, may be empty. */
  type: "type",
  /** ETag as served; missing when there was none. */
  etag: "etag",
  /** A download that is not complete yet, resumed by the next attempt. */
  part: "data.part",
  /** Which version of the file `data.part` is a part of, as JSON. */
  partVersion: "data.part.json",
} as const;

/** Where the payload belonging to `key` (a URL, or another text that names a content) is cached. */
export function entryDir(cacheDir: string, key: string): string {
  return join(cacheDir, "download", "by-url-sha256", new Bun.CryptoHasher("sha256").update(key).digest("hex"));
}

/** File that holds the verified digest of `data`, in `algorithm:hex` form. */
export function digestFile(algorithm: string): string {
  return `${algorithm}.digest`;
}
