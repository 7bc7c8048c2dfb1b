import { open } from "node:fs/promises";

/** What the first bytes of a disk image say. */
export type DiskHeader =
  | { readonly format: "raw"; readonly virtualSize: number }
  | { readonly format: "qcow2"; readonly virtualSize: number; readonly backingFile: boolean; readonly externalData: boolean }
  | { readonly format: "vmdk" | "vhdx" };

const HEADER_BYTES = 104;
const EXTERNAL_DATA = 1n << 2n;
const ISO9660_AT = 16 * 2048;

async function readAt(path: string, position: number, length: number): Promise<{ bytes: Buffer; size: number }> {
  const file = await open(path, "r");
  try {
    const bytes = Buffer.alloc(length);
    const { bytesRead } = await file.read(bytes, 0, length, position);
    return { bytes: bytes.subarray(0, bytesRead), size: (await file.stat()).size };
  } finally {
    await file.close();
  }
}

/**
 * Reads the header of a disk image. Format: docs/interop/qcow2.txt of QEMU (big endian; version 3 has feature bits at
 * offset 72); magic numbers for the others. What is none of them is raw.
 */
export async function readDiskHeader(path: string): Promise<DiskHeader> {
  const { bytes, size } = await readAt(path, 0, HEADER_BYTES);
  if (bytes.length >= 72 && bytes.readUInt32BE(0) === 0x514649fb) {
    const version = bytes.readUInt32BE(4);
    return {
      format: "qcow2",
      virtualSize: Number(bytes.readBigUInt64BE(24)),
      backingFile: bytes.readBigUInt64BE(8) !== 0n,
      externalData: version >= 3 && bytes.length >= 80 && (bytes.readBigUInt64BE(72) & EXTERNAL_DATA) !== 0n,
    };
  }
  const magic = bytes.toString("latin1", 0, 8);
  if (magic.startsWith("KDMV")) return { format: "vmdk" };
  if (magic === "vhdxfile") return { format: "vhdx" };
  return { format: "raw", virtualSize: size };
}

/** True for a CD-ROM image: it carries an ISO 9660 volume descriptor in sector 16. */
export async function isIso9660(path: string): Promise<boolean> {
  const { bytes } = await readAt(path, ISO9660_AT, 6);
  return bytes.toString("latin1", 1, 6) === "CD001";
}
