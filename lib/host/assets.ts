import { rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { ensureDir, exists, writeFileAtomic } from "./files.ts";

/** A file that the build put into this executable, by its name without directories; undefined when there is none, as always from source. */
export function embeddedFile(name: string): Blob | undefined {
  return embedded().find((file) => file.name === name);
}

/** Bun gives each embedded blob the name of its file; the types do not say so. */
function embedded(): readonly (Blob & { readonly name?: string })[] {
  return Bun.embeddedFiles;
}

export interface AgentOptions {
  /** Lima's name of the guest's architecture: `x86_64`, `aarch64`. */
  readonly arch: string;
  /** The `share/lima` beside the executable, if there is one. */
  readonly shareDir: string | undefined;
  /** Compressed agents are unpacked below it, once. */
  readonly cacheDir: string;
}

/**
 * The guest agent's executable for a Linux guest: the file in `shareDir`, or its `.gz` unpacked, or the embedded one
 * unpacked, or undefined when this installation has none for that architecture. Safe with several processes at once.
 */
export async function guestAgentPath({ arch, shareDir, cacheDir }: AgentOptions): Promise<string | undefined> {
  const name = `lima-guestagent.Linux-${arch}`;
  if (shareDir !== undefined) {
    const path = join(shareDir, name);
    if (await exists(path)) return path;
    if (await exists(`${path}.gz`)) return unpackGzip(`${path}.gz`, name, cacheDir);
  }
  return unpackEmbedded(name, cacheDir);
}

/** The build names the embedded agent `NAME.SHA256.SIZE.zst` after what is inside, so that finding the unpacked one reads nothing. */
async function unpackEmbedded(name: string, cacheDir: string): Promise<string | undefined> {
  for (const file of embedded()) {
    const [, digest, size] = file.name?.startsWith(`${name}.`) === true ? (/\.([0-9a-f]{64})\.(\d+)\.zst$/.exec(file.name) ?? []) : [];
    if (digest === undefined) continue;
    return unpack({ name, cacheDir, digest, size: Number(size), content: async () => Bun.zstdDecompress(await file.bytes()) });
  }
  return undefined;
}

async function unpackGzip(path: string, name: string, cacheDir: string): Promise<string> {
  const bytes = await Bun.file(path).bytes();
  const digest = new Bun.CryptoHasher("sha256").update(bytes).digest("hex");
  // RFC 1952: the last four bytes are the length of the content, modulo 2^32.
  const size = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).readUInt32LE(bytes.length - 4);
  return unpack({ name, cacheDir, digest, size, content: async () => gunzipSync(bytes) });
}

interface Packed {
  readonly name: string;
  readonly cacheDir: string;
  readonly digest: string;
  readonly size: number;
  readonly content: () => Promise<Uint8Array>;
}

/** Unpacks to `assets/DIGEST/NAME` in the cache unless it is there whole: a file system that ran full or lost power can leave a shorter one. */
async function unpack({ name, cacheDir, digest, size, content }: Packed): Promise<string> {
  const dir = join(cacheDir, "assets", digest);
  const path = join(dir, name);
  const found = await stat(path).catch(() => undefined);
  if (found?.isFile() === true && found.size === size) return path;
  await ensureDir(dir);
  if (found?.isFile() === false) await rm(path, { recursive: true, force: true });
  await writeFileAtomic(path, await content(), 0o755);
  return path;
}
