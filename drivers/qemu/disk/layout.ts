import { join } from "node:path";
import { LimaError } from "../../../lib/base/errors.ts";
import { exists } from "../../../lib/host/files.ts";
import { FILES } from "../../../lib/store/filenames.ts";
import { isIso9660, readDiskHeader } from "./header.ts";

export interface BootDisk {
  readonly path: string;
  readonly format: "qcow2" | "raw";
}

export interface DiskLayout {
  /** Undefined until it has been made. */
  readonly disk: BootDisk | undefined;
  readonly iso: string | undefined;
}

async function overlay(path: string): Promise<BootDisk> {
  const header = await readDiskHeader(path);
  if (header.format !== "qcow2") throw new LimaError("DISK_DAMAGED", `cannot use disk "${path}": not a qcow2 image`);
  return { path, format: "qcow2" };
}

/** `disk` as newer directories have it: stand-alone, qcow2 or raw. */
async function standAlone(path: string): Promise<BootDisk> {
  const header = await readDiskHeader(path);
  if (header.format !== "qcow2" && header.format !== "raw") {
    throw new LimaError("DISK_FORMAT", `cannot use disk "${path}": ${header.format} is not supported here`, { hint: `convert it with "qemu-img convert -O qcow2"` });
  }
  // The guest of a raw disk can write such a header itself, and would then read any file of the host at its next start.
  if (header.format === "qcow2" && (header.backingFile || header.externalData)) {
    throw new LimaError("DISK_REFERS_OUTSIDE", `cannot use disk "${path}": it refers to another file`, { hint: `inspect it with "qemu-img info"` });
  }
  return { path, format: header.format };
}

/**
 * Which files of an instance directory the guest boots from: `diffdisk` over `basedisk`, or the stand-alone `disk` of
 * directories made by the reference's 2.1 and later; and the ISO among them.
 * Throws LimaError `DISK_DAMAGED`, `DISK_FORMAT` or `DISK_REFERS_OUTSIDE`.
 */
export async function readLayout(dir: string): Promise<DiskLayout> {
  const [diff, disk, iso, base] = [FILES.diffDisk, FILES.disk, FILES.iso, FILES.baseDisk].map((name) => join(dir, name)) as [string, string, string, string];
  const found = (await exists(diff)) ? await overlay(diff) : (await exists(disk)) ? await standAlone(disk) : undefined;
  if (await exists(iso)) return { disk: found, iso };
  return { disk: found, iso: (await exists(base)) && (await isIso9660(base)) ? base : undefined };
}
