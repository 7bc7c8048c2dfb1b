import { open } from "node:fs/promises";

/** What a file is by its content: a disk image format by qemu-img's name, or a compression. Whatever is nothing else is a raw disk. */
export type ImageFormat = "qcow2" | "qed" | "vmdk" | "vdi" | "vhdx" | "vpc" | "iso9660" | "gzip" | "bzip2" | "xz" | "zstd" | "raw";

export const COMPRESSIONS = ["gzip", "bzip2", "xz", "zstd"] as const satisfies readonly ImageFormat[];
export type Compression = (typeof COMPRESSIONS)[number];

export function isCompression(format: ImageFormat): format is Compression {
  return (COMPRESSIONS as readonly ImageFormat[]).includes(format);
}

/** ISO 9660 keeps its descriptors from sector 16 on (ECMA-119, 6.2.1), after the type byte. */
const ISO_ID_OFFSET = 16 * 2048 + 1;
/** Bytes of the start of a file that {@link detectFormat} looks at. */
export const HEAD_LENGTH = ISO_ID_OFFSET + 5;

const MAGIC: readonly (readonly [ImageFormat, number, string])[] = [
  ["qcow2", 0, "QFI\xfb"],
  ["qed", 0, "QED\0"],
  ["vmdk", 0, "KDMV"],
  ["vmdk", 0, "COWD"],
  ["vmdk", 0, "# Disk DescriptorFile"],
  ["vhdx", 0, "vhdxfile"],
  ["vpc", 0, "conectix"],
  ["vdi", 64, "\x7f\x10\xda\xbe"],
  ["gzip", 0, "\x1f\x8b\x08"],
  ["xz", 0, "\xfd7zXZ\0"],
  ["zstd", 0, "\x28\xb5\x2f\xfd"],
  ["iso9660", ISO_ID_OFFSET, "CD001"],
];

const BZIP2_BLOCK = "1AY&SY";
const BZIP2_END = "\x17rE8P\x90";

/** The format of a file that starts with these bytes ({@link HEAD_LENGTH} of them, fewer when the file is shorter). */
export function detectFormat(head: Uint8Array): ImageFormat {
  const text = Buffer.from(head.buffer, head.byteOffset, head.byteLength).toString("latin1");
  const found = MAGIC.find(([, at, magic]) => text.startsWith(magic, at));
  if (found) return found[0];
  // The level digit, then the magic of a block or of the end (the digits of pi, or of its root): "BZh" alone may start any disk.
  const blockStart = [BZIP2_BLOCK, BZIP2_END].some((magic) => text.startsWith(magic, 4));
  return /^BZh[1-9]/.test(text) && blockStart ? "bzip2" : "raw";
}

/** Like {@link detectFormat}, for a file. Throws system errors. */
export async function detectFile(path: string): Promise<ImageFormat> {
  return detectFormat(await readHead(path, HEAD_LENGTH));
}

/** The first bytes of a file, fewer than `length` when it is shorter. */
export async function readHead(path: string, length: number): Promise<Uint8Array> {
  const file = await open(path, "r");
  try {
    const buffer = Buffer.alloc(length);
    let filled = 0;
    while (filled < length) {
      const { bytesRead } = await file.read(buffer, filled, length - filled, filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    return buffer.subarray(0, filled);
  } finally {
    await file.close();
  }
}
