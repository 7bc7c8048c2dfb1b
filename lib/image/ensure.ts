import { lstat, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Context } from "../base/context.ts";
import { codeOf, LimaError, messageOf } from "../base/errors.ts";
import type { Arch, ImageRef } from "../config/schema.ts";
import { writeFileAtomic } from "../host/files.ts";
import { FILES } from "../store/filenames.ts";
import { withDebianImage } from "./debian/build.ts";
import { debianSuite } from "./debian/recipe.ts";
import { placeFile, placeFileAsIs, placeImage } from "./place.ts";
import { candidates } from "./select.ts";
import { withSource } from "./source.ts";

export interface WantedImage {
  readonly images: readonly ImageRef[];
  readonly arch: Arch;
  /** Disk formats that the driver boots, by qemu-img's names. */
  readonly imageFormats: readonly string[];
}

/** What belongs to an image; the disk last, because its presence says that the others are complete. */
const PARTS = [FILES.kernel, FILES.kernelCmdline, FILES.initrd, FILES.baseDisk] as const;
/** Any of these: the instance has its disk already, whoever made it. */
const DISKS = [FILES.baseDisk, FILES.diffDisk, FILES.image, FILES.disk] as const;

/**
 * Puts the image into an instance directory: `basedisk` (read only), and `kernel`, `kernel.cmdline`, `initrd` if it has
 * them. Nothing is done when there is a disk already. The entries that match are tried in order; each failure is logged
 * and the next one gets its turn. The caller holds the instance's lock: what an interrupted call left is removed.
 * Throws the only entry's error, or LimaError `IMAGE_UNAVAILABLE` with the reasons of all; `NO_DISK_SPACE` at once; and
 * the signal's reason when aborted.
 */
export async function ensureImage(ctx: Context, wanted: WantedImage, dir: string): Promise<void> {
  for (const name of DISKS) if (await present(join(dir, name))) return;
  const entries = candidates(wanted.images, wanted.arch);
  if (entries.length === 0) throw new LimaError("IMAGE_UNAVAILABLE", `cannot find an image for the architecture "${wanted.arch}": no entry of "images" has it`);
  const errors: unknown[] = [];
  for (const [i, entry] of entries.entries()) {
    await removeLeftovers(dir);
    try {
      return await place(ctx, entry, wanted.imageFormats, dir);
    } catch (error) {
      ctx.signal.throwIfAborted();
      if (!isReason(error)) throw error;
      errors.push(error);
      if (i + 1 < entries.length) ctx.log.warn(`failed to download the image: trying the next image`, { location: entry.location, error: messageOf(error) });
    }
  }
  await removeLeftovers(dir);
  throw errors.length === 1 ? errors[0] : allFailed(errors);
}

async function place(ctx: Context, entry: ImageRef, formats: readonly string[], dir: string): Promise<void> {
  const suite = debianSuite(entry.location);
  if (suite !== undefined) {
    return withDebianImage(ctx, suite, entry.arch, async (built) => {
      await placeFileAsIs(ctx, { path: built.kernel, immutable: true }, join(dir, FILES.kernel));
      await placeFileAsIs(ctx, { path: built.initrd, immutable: true }, join(dir, FILES.initrd));
      await writeFileAtomic(join(dir, FILES.kernelCmdline), built.cmdline);
      await placeImage(ctx, { path: built.disk, immutable: true }, join(dir, FILES.baseDisk), formats);
    });
  }
  const { kernel, initrd } = entry;
  if (kernel) {
    await withSource(ctx, kernel, "the kernel", (source) => placeFile(ctx, source, join(dir, FILES.kernel)));
    if (kernel.cmdline !== undefined) await writeFileAtomic(join(dir, FILES.kernelCmdline), kernel.cmdline);
  }
  if (initrd) await withSource(ctx, initrd, "the initrd", (source) => placeFileAsIs(ctx, source, join(dir, FILES.initrd)));
  await withSource(ctx, entry, "the image", (source) => placeImage(ctx, source, join(dir, FILES.baseDisk), formats));
}

/** A reason to try the next image: what a user can meet. A full disk will not get better with another image. */
function isReason(error: unknown): boolean {
  return error instanceof LimaError ? error.code !== "NO_DISK_SPACE" : /^E[A-Z0-9]+$/.test(codeOf(error) ?? "");
}

function allFailed(errors: readonly unknown[]): LimaError {
  const reasons = errors.map((error) => `- ${messageOf(error)}`).join("\n");
  const hint = errors.flatMap((error) => (error instanceof LimaError && error.hint !== undefined ? [error.hint] : [])).at(-1);
  return new LimaError("IMAGE_UNAVAILABLE", `cannot get an image, ${errors.length} were tried:\n${reasons}`, { cause: new AggregateError(errors), ...(hint === undefined ? {} : { hint }) });
}

/** Without a disk, everything of an image is a leftover, under its own name or a temporary one. */
async function removeLeftovers(dir: string): Promise<void> {
  for (const name of await readdir(dir)) {
    if (PARTS.some((part) => name === part || (name.startsWith(`${part}.`) && name.endsWith(".tmp")))) await rm(join(dir, name), { force: true });
  }
}

async function present(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch (error) {
    if (codeOf(error) === "ENOENT") return false;
    throw error;
  }
}
