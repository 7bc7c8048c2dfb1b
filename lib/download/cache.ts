import { chmod, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Context } from "../base/context.ts";
import { codeOf, LimaError, messageOf } from "../base/errors.ts";
import { ensureDir, exists, writeFileAtomic } from "../host/files.ts";
import { lock } from "../host/lock.ts";
import { type Digest, digestOf, digestText, mismatch, verifyFile } from "./digest.ts";
import { fetchInto, head, type Served } from "./fetch.ts";
import { type Limits, LIMITS, shown } from "./http.ts";
import { digestFile, ENTRY, entryDir } from "./layout.ts";
import { PartFile } from "./part.ts";
import { createProgress } from "./progress.ts";
import { guardSpace } from "./space.ts";

export interface Wanted {
  /** http or https. */
  readonly url: string;
  /** `algorithm:hex`. */
  readonly digest?: string;
  /** For messages: `the image`. */
  readonly label: string;
}

export interface CachedFile {
  /** The payload as served; read only, and only until `use` returns. */
  readonly path: string;
  /** Nothing was downloaded now. */
  readonly fromCache: boolean;
}

/**
 * Hands a remote file to `use`, from the cache or downloaded into it. The entry is locked meanwhile, so of several
 * processes one downloads and the others wait. A file with a recorded digest is taken as it is; one without is looked up
 * at the server (HEAD) first, and taken when the server does not answer.
 * Throws LimaError `DOWNLOAD_FAILED`, `HTTP_STATUS`, `DIGEST_MISMATCH`, `NO_DISK_SPACE` or `INVALID_URL`; what `use` throws; and the
 * signal's reason when aborted, leaving a part that the next call continues.
 */
export async function withCachedFile<T>(ctx: Context, wanted: Wanted, use: (file: CachedFile) => Promise<T>, limits: Limits = LIMITS): Promise<T> {
  const url = URL.parse(wanted.url);
  if (url === null || !["http:", "https:"].includes(url.protocol)) throw new LimaError("INVALID_URL", `cannot download "${wanted.url}": not an http or https URL`);
  const want = wanted.digest === undefined ? undefined : digestOf(wanted.digest);
  const dir = entryDir(ctx.cacheDir, wanted.url);
  await ensureDir(dir, 0o700);
  using _ = await lock(dir, { signal: ctx.signal, onWait: () => ctx.log.info(`waiting for another process that downloads ${wanted.label}`, { location: wanted.url }) });
  const path = join(dir, ENTRY.data);
  if (await usable(ctx, dir, url, want, limits)) return use({ path, fromCache: true });
  await download(ctx, dir, url, want, wanted, limits);
  return use({ path, fromCache: false });
}

/** Whether the cached payload is the wanted one. */
async function usable(ctx: Context, dir: string, url: URL, want: Digest | undefined, limits: Limits): Promise<boolean> {
  const data = join(dir, ENTRY.data);
  if (!(await exists(data))) return false;
  if (!want) return fresh(ctx, dir, url, limits);
  const recorded = await readText(dir, digestFile(want.algorithm));
  if (recorded !== undefined) return recorded.trim() === digestText(want);
  try {
    await verifyFile(data, want, shown(url), ctx.signal);
  } catch (error) {
    if (codeOf(error) === "DIGEST_MISMATCH") return false;
    throw error;
  }
  await writeFileAtomic(join(dir, digestFile(want.algorithm)), digestText(want));
  return true;
}

/** Whether the server still has what is cached, by ETag or else by date. An unreachable server means yes: better an old file than none. */
async function fresh(ctx: Context, dir: string, url: URL, limits: Limits): Promise<boolean> {
  let now: Served;
  try {
    now = await head(ctx, url, limits);
  } catch (error) {
    ctx.signal.throwIfAborted();
    ctx.log.info("cannot ask for changes, using the cached file", { location: shown(url), reason: messageOf(error) });
    return true;
  }
  const etag = (await readText(dir, ENTRY.etag)) ?? "";
  if (etag !== "" && now.etag !== "") return etag === now.etag;
  const time = (await readText(dir, ENTRY.time)) ?? "";
  if (time === "" || now.lastModified === "") return false;
  const [then, there] = [Date.parse(time), Date.parse(now.lastModified)];
  return Number.isNaN(then) || Number.isNaN(there) ? time === now.lastModified : then === there;
}

async function download(ctx: Context, dir: string, url: URL, want: Digest | undefined, wanted: Wanted, limits: Limits): Promise<void> {
  await writeFileAtomic(join(dir, ENTRY.url), wanted.url, 0o600);
  const progress = createProgress({
    tty: ctx.tty,
    label: `downloading ${wanted.label}`,
    write: (text) => process.stderr.write(text),
    line: (text) => ctx.log.info(text),
  });
  try {
    await guardSpace(dir, `download "${shown(url)}"`, async () => {
      const part = await PartFile.open(dir, want?.algorithm, ctx.signal);
      try {
        const served = await fetchVerified(ctx, url, part, want, { limits, onProgress: progress.update });
        await part.sync();
        await publish(dir, part, served, want);
      } finally {
        await part.close();
      }
    });
  } finally {
    progress.finish();
  }
}

/** Downloads; with the wrong digest once more from the start, for a part that was damaged or a file that was being replaced. */
async function fetchVerified(ctx: Context, url: URL, part: PartFile, want: Digest | undefined, options: Parameters<typeof fetchInto>[3]): Promise<Served> {
  const served = await fetchInto(ctx, url, part, options);
  if (!want) return served;
  const got = part.digest();
  if (got === want.hex) return served;
  ctx.log.warn("the digest of the download is wrong, downloading once more", { location: shown(url), got: `${want.algorithm}:${got}` });
  await part.restart({ etag: "", lastModified: "" });
  const again = await fetchInto(ctx, url, part, options);
  const second = part.digest();
  if (second === want.hex) return again;
  // What is there now is complete and wrong: nothing to continue.
  await part.restart({ etag: "", lastModified: "" });
  throw mismatch(shown(url), want, second);
}

/** Makes the complete part the entry's payload. What is known about an older payload goes first, so that a crash in between leaves one that is merely looked at again. */
async function publish(dir: string, part: PartFile, served: Served, want: Digest | undefined): Promise<void> {
  for (const algorithm of ["sha256", "sha384", "sha512"]) await rm(join(dir, digestFile(algorithm)), { force: true });
  await rm(join(dir, ENTRY.time), { force: true });
  await rm(join(dir, ENTRY.etag), { force: true });
  await chmod(part.path, 0o444);
  await rename(part.path, join(dir, ENTRY.data));
  await rm(join(dir, ENTRY.partVersion), { force: true });
  await writeFileAtomic(join(dir, ENTRY.type), served.contentType);
  if (served.etag !== "") await writeFileAtomic(join(dir, ENTRY.etag), served.etag);
  await writeFileAtomic(join(dir, ENTRY.time), served.lastModified);
  if (want) await writeFileAtomic(join(dir, digestFile(want.algorithm)), digestText(want));
}

async function readText(dir: string, name: string): Promise<string | undefined> {
  try {
    return await Bun.file(join(dir, name)).text();
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw error;
  }
}
