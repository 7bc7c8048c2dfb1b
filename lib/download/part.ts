import { type FileHandle, open, rm } from "node:fs/promises";
import { writeFileAtomic } from "../host/files.ts";
import { type Digest, hashInto } from "./digest.ts";
import { ENTRY } from "./layout.ts";
import { join } from "node:path";

/** By what a server tells that a file has changed; empty strings where it said nothing. */
export interface Version {
  readonly etag: string;
  readonly lastModified: string;
}

const UNKNOWN: Version = { etag: "", lastModified: "" };

/** The download in the making: `data.part`, which version of the file it belongs to, and the running hash of what is in it. */
export class PartFile {
  readonly path: string;
  readonly #versionPath: string;
  readonly #file: FileHandle;
  readonly #algorithm: Digest["algorithm"] | undefined;
  #hasher: Bun.CryptoHasher | undefined;
  #size = 0;
  #version: Version = UNKNOWN;

  private constructor(dir: string, file: FileHandle, algorithm: Digest["algorithm"] | undefined) {
    this.path = join(dir, ENTRY.part);
    this.#versionPath = join(dir, ENTRY.partVersion);
    this.#file = file;
    this.#algorithm = algorithm;
  }

  /** Opens what an earlier attempt left in the cache entry `dir`, or an empty file. Its bytes are read once when a digest is wanted. */
  static async open(dir: string, algorithm: Digest["algorithm"] | undefined, signal: AbortSignal): Promise<PartFile> {
    const file = await open(join(dir, ENTRY.part), "a", 0o600);
    const part = new PartFile(dir, file, algorithm);
    try {
      part.#size = (await file.stat()).size;
      part.#version = await readVersion(part.#versionPath);
      part.#hasher = algorithm === undefined ? undefined : new Bun.CryptoHasher(algorithm);
      if (part.resumable) {
        if (part.#hasher) await hashInto(part.#hasher, part.path, signal);
      } else {
        await part.restart(UNKNOWN);
      }
      return part;
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  get size(): number {
    return this.#size;
  }

  get version(): Version {
    return this.#version;
  }

  /** Value for `If-Range`: only a strong ETag or a date may be used there (RFC 9110, 13.1.5). */
  get ifRange(): string {
    return this.#version.etag !== "" && !this.#version.etag.startsWith("W/") ? this.#version.etag : this.#version.lastModified;
  }

  /** Whether the rest can be asked for: the server can tell if it is still the same file, or a digest will. */
  get resumable(): boolean {
    return this.#size > 0 && (this.ifRange !== "" || this.#algorithm !== undefined);
  }

  /** Drops everything; what is written from now on belongs to `version`. */
  async restart(version: Version): Promise<void> {
    // The version goes first: bytes of one version must never lie beside the name of another.
    await rm(this.#versionPath, { force: true });
    await this.#file.truncate(0);
    this.#size = 0;
    this.#hasher = this.#algorithm === undefined ? undefined : new Bun.CryptoHasher(this.#algorithm);
    this.#version = version;
    if (this.ifRange !== "") await writeFileAtomic(this.#versionPath, JSON.stringify(version), 0o600);
  }

  async write(chunk: Uint8Array): Promise<void> {
    for (let at = 0; at < chunk.length; ) {
      const { bytesWritten } = await this.#file.write(chunk, at);
      this.#hasher?.update(chunk.subarray(at, at + bytesWritten));
      this.#size += bytesWritten;
      at += bytesWritten;
    }
  }

  /** Hexadecimal digest of all bytes; only once, when complete. */
  digest(): string {
    if (!this.#hasher) throw new Error("no digest was asked for");
    return this.#hasher.digest("hex");
  }

  async sync(): Promise<void> {
    await this.#file.sync();
  }

  async close(): Promise<void> {
    await this.#file.close();
  }
}

async function readVersion(path: string): Promise<Version> {
  try {
    const value: unknown = await Bun.file(path).json();
    if (typeof value !== "object" || value === null) return UNKNOWN;
    const text = (key: string): string => {
      const field: unknown = Reflect.get(value, key);
      return typeof field === "string" ? field : "";
    };
    return { etag: text("etag"), lastModified: text("lastModified") };
  } catch {
    return UNKNOWN;
  }
}
