import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isIso9660, readDiskHeader } from "./header.ts";
import { readLayout } from "./layout.ts";
import { parseImageInfo } from "./qemu-img.ts";
import { formatBytes } from "./size.ts";

let dir: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), "lima-test-"));
});
afterAll(() => rmSync(dir, { recursive: true }));

function qcow2(options: { size: number; backing?: boolean; dataFile?: boolean }): Buffer {
  const header = Buffer.alloc(512);
  header.writeUInt32BE(0x514649fb, 0);
  header.writeUInt32BE(3, 4);
  if (options.backing) header.writeBigUInt64BE(512n, 8);
  header.writeUInt32BE(16, 20);
  header.writeBigUInt64BE(BigInt(options.size), 24);
  header.writeUInt32BE(104, 100);
  if (options.dataFile) header.writeBigUInt64BE(4n, 72);
  return header;
}

function iso(): Buffer {
  const bytes = Buffer.alloc(17 * 2048);
  bytes.write("\u0001CD001", 16 * 2048, "latin1");
  return bytes;
}

function directory(files: Record<string, Uint8Array>): string {
  const path = mkdtempSync(join(dir, "i-"));
  for (const [name, bytes] of Object.entries(files)) writeFileSync(join(path, name), bytes);
  return path;
}

describe("readDiskHeader()", () => {
  test("tells formats, sizes and references apart", async () => {
    const path = directory({
      plain: qcow2({ size: 5 * 2 ** 40 }), over: qcow2({ size: 1, backing: true }), outside: qcow2({ size: 1, dataFile: true }),
      vmdk: Buffer.from("KDMV----"), vhdx: Buffer.from("vhdxfile"), raw: Buffer.alloc(1000), empty: Buffer.alloc(0),
    });
    const read = (name: string) => readDiskHeader(join(path, name));
    expect(await read("plain")).toEqual({ format: "qcow2", virtualSize: 5 * 2 ** 40, backingFile: false, externalData: false });
    expect(await read("over")).toMatchObject({ backingFile: true, externalData: false });
    expect(await read("outside")).toMatchObject({ backingFile: false, externalData: true });
    expect(await read("vmdk")).toEqual({ format: "vmdk" });
    expect(await read("vhdx")).toEqual({ format: "vhdx" });
    expect(await read("raw")).toEqual({ format: "raw", virtualSize: 1000 });
    expect(await read("empty")).toEqual({ format: "raw", virtualSize: 0 });
  });

  test("isIso9660() looks at sector 16", async () => {
    const path = directory({ iso: iso(), short: Buffer.alloc(100), raw: Buffer.alloc(40_000) });
    expect(await Promise.all(["iso", "short", "raw"].map((name) => isIso9660(join(path, name))))).toEqual([true, false, false]);
  });
});

describe("readLayout()", () => {
  test("prefers the overlay, and boots from an ISO below it", async () => {
    const path = directory({ diffdisk: qcow2({ size: 1, backing: true }), basedisk: Buffer.alloc(10), disk: Buffer.alloc(10) });
    expect(await readLayout(path)).toEqual({ disk: { path: join(path, "diffdisk"), format: "qcow2" }, iso: undefined });
    const installer = directory({ diffdisk: qcow2({ size: 1 }), basedisk: iso() });
    expect((await readLayout(installer)).iso).toBe(join(installer, "basedisk"));
  });

  test("takes the stand-alone disk and iso of newer directories", async () => {
    const path = directory({ disk: Buffer.alloc(512), iso: iso() });
    expect(await readLayout(path)).toEqual({ disk: { path: join(path, "disk"), format: "raw" }, iso: join(path, "iso") });
  });

  test("is empty before the disk is made", async () => {
    expect(await readLayout(directory({ basedisk: Buffer.alloc(10) }))).toEqual({ disk: undefined, iso: undefined });
  });

  test.each([
    ["a stand-alone disk with a backing file", { disk: qcow2({ size: 1, backing: true }) }, "DISK_REFERS_OUTSIDE"],
    ["a stand-alone disk with a data file", { disk: qcow2({ size: 1, dataFile: true }) }, "DISK_REFERS_OUTSIDE"],
    ["a vmdk disk", { disk: Buffer.from("KDMV----") }, "DISK_FORMAT"],
    ["an overlay that is none", { diffdisk: Buffer.alloc(512) }, "DISK_DAMAGED"],
  ])("refuses %s", async (_, files, code) => {
    const error: unknown = await readLayout(directory(files)).then(() => undefined, (e: unknown) => e);
    expect(error).toMatchObject({ code });
  });
});

describe("parseImageInfo()", () => {
  const parse = (extra: object) => parseImageInfo(JSON.stringify({ filename: "/i/basedisk", format: "qcow2", "virtual-size": 1024, ...extra }), "/i/basedisk");

  test("accepts what stands alone", () => {
    expect(parse({})).toEqual({ format: "qcow2", virtualSize: 1024, references: [] });
    expect(parse({ "format-specific": { type: "vmdk", data: { extents: [{ filename: "/i/basedisk" }] } } }).references).toEqual([]);
    expect(parse({ children: [{ name: "file", info: { filename: "/i/basedisk", format: "file", children: [] } }] }).references).toEqual([]);
  });

  test.each([
    ["a backing file", { "backing-filename": "/etc/passwd", "full-backing-filename": "/etc/passwd" }],
    ["a data file", { "format-specific": { type: "qcow2", data: { "data-file": "/etc/shadow" } } }],
    ["another extent", { "format-specific": { type: "vmdk", data: { extents: [{ filename: "/i/basedisk" }, { filename: "/dev/sda" }] } } }],
    ["another child", { children: [{ name: "data-file", info: { filename: "/dev/sda" } }] }],
    ["a grandchild", { children: [{ name: "file", info: { filename: "/i/basedisk", children: [{ name: "x", info: { filename: "/dev/sda" } }] } }] }],
  ])("tells of %s", (_, extra) => {
    expect(parse(extra).references).toHaveLength(1);
  });

  test("throws on other JSON", () => {
    expect(() => parseImageInfo("{}", "x")).toThrow("printed something else");
  });
});

test("formatBytes() rounds up to what a disk must hold", () => {
  expect([formatBytes(100 * 2 ** 30), formatBytes(2361393152), formatBytes(2 ** 29)]).toEqual(["100GiB", "2.2GiB", "0.5GiB"]);
});
