import { stat } from "node:fs/promises";
import { detectFile, detectFormat, HEAD_LENGTH, readHead } from "../../../lib/image/detect.ts";
import { parseQcow2 } from "../../../lib/image/qcow2.ts";

/** What the first bytes of a disk say, as far as it matters for attaching it. */
export type DiskHeader =
  | { readonly format: "raw"; readonly virtualSize: number }
  | { readonly format: "qcow2"; readonly virtualSize: number; readonly backingFile: boolean; readonly externalData: boolean }
  | { readonly format: "vmdk" | "vhdx" };

/** Reads the header of a disk; what is no disk format is raw. Throws LimaError `INVALID_IMAGE` for a damaged qcow2 header. */
export async function readDiskHeader(path: string): Promise<DiskHeader> {
  const head = await readHead(path, HEAD_LENGTH);
  const format = detectFormat(head);
  if (format === "qcow2") {
    const { virtualSize, backingFile, externalData } = parseQcow2(head, path);
    return { format, virtualSize, backingFile, externalData };
  }
  if (format === "vmdk" || format === "vhdx") return { format };
  return { format: "raw", virtualSize: (await stat(path)).size };
}

/** True for a CD-ROM image. */
export async function isIso9660(path: string): Promise<boolean> {
  return (await detectFile(path)) === "iso9660";
}
