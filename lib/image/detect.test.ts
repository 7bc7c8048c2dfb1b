import { expect, test } from "bun:test";
import { detectFormat, HEAD_LENGTH, isCompression } from "./detect.ts";

const bytes = (text: string): Buffer<ArrayBuffer> => Buffer.from(text, "latin1");

test.each([
  ["qcow2", bytes("QFI\xfb\0\0\0\x03")],
  ["vmdk", bytes("KDMV\x01\0\0\0")],
  ["vmdk", bytes("# Disk DescriptorFile\nversion=1\n")],
  ["vhdx", bytes("vhdxfile")],
  ["vdi", Buffer.concat([Buffer.alloc(64), bytes("\x7f\x10\xda\xbe")])],
  ["gzip", Bun.gzipSync(bytes("x"))],
  ["zstd", Bun.zstdCompressSync("x")],
  ["xz", bytes("\xfd7zXZ\0\0\x04")],
  ["bzip2", bytes("BZh91AY&SY")],
  ["raw", bytes("BZh9 a disk may start like this")],
  ["raw", bytes("")],
  ["raw", Buffer.alloc(HEAD_LENGTH)],
] as const)("detectFormat() tells %s", (format, head) => {
  expect(detectFormat(head)).toBe(format);
});

test("detectFormat() finds an ISO behind any system area", () => {
  const head = Buffer.alloc(HEAD_LENGTH, 0xeb);
  head.write("CD001", 16 * 2048 + 1, "latin1");
  expect(detectFormat(head)).toBe("iso9660");
  expect(detectFormat(head.subarray(0, HEAD_LENGTH - 1))).toBe("raw");
  expect(isCompression("iso9660")).toBe(false);
  expect(isCompression("zstd")).toBe(true);
});
