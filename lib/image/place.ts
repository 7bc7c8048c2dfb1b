import { chmod, rename, rm, stat } from "node:fs/promises";
import { dirname } from "node:path";
import type { Context } from "../base/context.ts";
import { LimaError } from "../base/errors.ts";
import { guardSpace, requireSpace } from "../download/space.ts";
import { temporaryName } from "../host/files.ts";
import { copySparse, linkOrCopySparse } from "./copy.ts";
import { decompressFile } from "./decompress.ts";
import { detectFile, type ImageFormat, isCompression } from "./detect.ts";
import { checkQcow2 } from "./qcow2.ts";
import { checkStandsAlone, convertImage } from "./qemu-img.ts";
import type { Source } from "./source.ts";

/** Puts a file at `to` in one step, unpacked if it is packed, read only. The same file when the source will not change, else a copy. */
export async function placeFile(ctx: Context, source: Source, to: string): Promise<void> {
  await publish(to, async (temp) => {
    const format = await detectFile(source.path);
    if (isCompression(format)) await decompressFile(ctx, source.path, temp, format);
    else await takeOver(ctx, source, temp);
  });
}

/** Like {@link placeFile}, but as it is. */
export async function placeFileAsIs(ctx: Context, source: Source, to: string): Promise<void> {
  await publish(to, (temp) => takeOver(ctx, source, temp));
}

/**
 * Puts a disk image at `to` in one step: unpacked, checked, and converted if the driver cannot boot its format.
 * `formats` are qemu-img's names. Throws LimaError `UNSAFE_IMAGE`, `INVALID_IMAGE` and those of the single steps.
 */
export async function placeImage(ctx: Context, source: Source, to: string, formats: readonly string[]): Promise<void> {
  await publish(to, async (temp, own) => {
    let image = source;
    let format = await detectFile(source.path);
    if (isCompression(format)) {
      const unpacked = own();
      ctx.log.info("unpacking the image", { format });
      await decompressFile(ctx, source.path, unpacked, format);
      image = { path: unpacked, immutable: true };
      format = await detectFile(unpacked);
      if (isCompression(format)) throw new LimaError("INVALID_IMAGE", `cannot use image "${source.path}": it is packed twice (${format})`);
    }
    await check(ctx, image.path, format);
    const target = targetFormat(format, formats);
    if (target === format) return takeOver(ctx, image, temp);
    ctx.log.info("converting the image", { from: format, to: target });
    await requireSpace(dirname(to), (await stat(image.path)).blocks * 512, `convert "${image.path}"`);
    return convertImage(ctx, image.path, format, temp, target);
  });
}

/** Every driver boots an installer ISO; of disks, each only some formats. */
function targetFormat(format: ImageFormat, formats: readonly string[]): string {
  if (format === "iso9660" || formats.includes(format)) return format;
  return formats.includes("qcow2") ? "qcow2" : "raw";
}

async function check(ctx: Context, path: string, format: ImageFormat): Promise<void> {
  if (format === "qcow2") await checkQcow2(path, path);
  else if (format !== "raw" && format !== "iso9660") await checkStandsAlone(ctx, path, format);
}

async function takeOver(ctx: Context, source: Source, temp: string): Promise<void> {
  if (source.immutable) await linkOrCopySparse(source.path, temp, ctx.signal);
  else await copySparse(source.path, temp, ctx.signal);
}

/** Runs a step that makes a file under a temporary name, then gives it its own. `own` names further temporary files; all are gone afterwards, whatever happens. */
async function publish(to: string, make: (temp: string, own: () => string) => Promise<void>): Promise<void> {
  await using temporary = new AsyncDisposableStack();
  const own = (): string => {
    const name = temporaryName(to);
    temporary.defer(() => rm(name, { force: true }));
    return name;
  };
  const temp = own();
  await guardSpace(dirname(to), `write "${to}"`, () => make(temp, own));
  await chmod(temp, 0o444);
  await rename(temp, to);
}
