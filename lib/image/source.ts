import { stat } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { Context } from "../base/context.ts";
import { codeOf, LimaError } from "../base/errors.ts";
import type { FileRef } from "../config/schema.ts";
import { withCachedFile } from "../download/cache.ts";
import { digestOf, verifyFile } from "../download/digest.ts";

/** A file that is on this machine now. */
export interface Source {
  readonly path: string;
  /** In our cache, so never written again: hard links of it may be made. A user's own file may change any time. */
  readonly immutable: boolean;
}

/** The path behind a location that names a local file; undefined for every other URL. */
export function localPath(location: string): string | undefined {
  if (location.startsWith("file://")) return fileURLToPath(location);
  return location.includes("://") ? undefined : location;
}

/**
 * Hands a file of the configuration to `use`: a local one after its digest is verified, a remote one from the cache.
 * `label` names it in messages: `the image`. Throws LimaError `FILE_NOT_FOUND`, `DIGEST_MISMATCH` and those of the
 * download.
 */
export async function withSource<T>(ctx: Context, ref: FileRef, label: string, use: (source: Source) => Promise<T>): Promise<T> {
  const path = localPath(ref.location);
  if (path !== undefined) {
    await requireFile(path, label);
    if (ref.digest !== undefined) await verifyFile(path, digestOf(ref.digest), ref.location, ctx.signal);
    return use({ path, immutable: false });
  }
  ctx.log.info(`Attempting to download ${label}`, { location: ref.location, arch: ref.arch, digest: ref.digest });
  const wanted = { url: ref.location, label, ...(ref.digest === undefined ? {} : { digest: ref.digest }) };
  return withCachedFile(ctx, wanted, (file) => {
    ctx.log.info(file.fromCache ? `Using cache "${file.path}"` : `Downloaded ${label} from "${ref.location}"`);
    return use({ path: file.path, immutable: true });
  });
}

async function requireFile(path: string, label: string): Promise<void> {
  try {
    if ((await stat(path)).isFile()) return;
  } catch (error) {
    if (!["ENOENT", "ENOTDIR"].includes(codeOf(error) ?? "")) throw error;
    throw new LimaError("FILE_NOT_FOUND", `cannot use "${path}" as ${label}: there is no such file`);
  }
  throw new LimaError("FILE_NOT_FOUND", `cannot use "${path}" as ${label}: it is not a regular file`);
}
