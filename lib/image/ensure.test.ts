import { afterEach, beforeEach, expect, test } from "bun:test";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Context } from "../base/context.ts";
import { createLogger } from "../base/log.ts";
import type { ImageRef } from "../config/schema.ts";
import { entryDir } from "../download/layout.ts";
import { ensureImage } from "./ensure.ts";

const DISK = Buffer.concat([Buffer.alloc(300_000), Buffer.from("a disk")]);

let scratch = "";
let dir = "";
let lines: string[] = [];
const stops: (() => void)[] = [];

beforeEach(() => {
  scratch = mkdtempSync(join(tmpdir(), "lima-image-"));
  dir = join(scratch, "instance");
  mkdirSync(dir);
  lines = [];
});
afterEach(() => {
  for (const stop of stops.splice(0)) stop();
  rmSync(scratch, { recursive: true, force: true });
});

function context(signal = new AbortController().signal): Context {
  const log = createLogger({ level: "debug", format: "text", write: (line) => lines.push(line) });
  return { home: scratch, cacheDir: join(scratch, "cache"), env: {}, log, signal, debug: false, tty: false, self: [], version: "0.0.0", shareDir: undefined };
}

function file(name: string, content: Uint8Array): string {
  const path = join(scratch, name);
  writeFileSync(path, content);
  return path;
}

function serve(files: Readonly<Record<string, Uint8Array>>): string {
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    fetch(request) {
      const content = files[new URL(request.url).pathname];
      return content ? new Response(content) : new Response("", { status: 404 });
    },
  });
  stops.push(() => void server.stop(true));
  return `http://127.0.0.1:${server.port}`;
}

const image = (location: string, more: Partial<ImageRef> = {}): ImageRef => ({ location, arch: "x86_64", ...more });
const ensure = (images: readonly ImageRef[], ctx = context()): Promise<void> => ensureImage(ctx, { images, arch: "x86_64", imageFormats: ["qcow2", "raw"] }, dir);
const read = (name: string): Buffer => readFileSync(join(dir, name));
const failure = async (promise: Promise<unknown>): Promise<unknown> => promise.then(() => undefined, (error: unknown) => error);

function qcow2(backing: bigint): Buffer {
  const head = Buffer.alloc(1024);
  head.writeUInt32BE(0x514649fb, 0);
  head.writeUInt32BE(2, 4);
  head.writeBigUInt64BE(backing, 8);
  head.writeUInt32BE(16, 20);
  head.writeBigUInt64BE(1024n, 24);
  return head;
}

test("ensureImage() copies a local image, read only, and leaves the original alone", async () => {
  const path = file("a.img", DISK);
  await ensure([image(path, { digest: `sha512:${new Bun.CryptoHasher("sha512").update(DISK).digest("hex")}` })]);
  expect(read("basedisk")).toEqual(DISK);
  expect(statSync(join(dir, "basedisk")).mode & 0o777).toBe(0o444);
  expect(statSync(path).nlink).toBe(1);
  expect(readdirSync(dir)).toEqual(["basedisk"]);
  expect(existsSync(join(scratch, "cache"))).toBe(false);
});

test("ensureImage() unpacks gzip and zstd, from file: URLs too", async () => {
  await ensure([image(`file://${file("a.img.gz", Bun.gzipSync(DISK))}`)]);
  expect(read("basedisk")).toEqual(DISK);
  rmSync(join(dir, "basedisk"), { force: true });
  await ensure([image(file("a.img.zst", Bun.zstdCompressSync(DISK)))]);
  expect(read("basedisk")).toEqual(DISK);
  expect(readdirSync(dir)).toEqual(["basedisk"]);
});

test("ensureImage() refuses what was cut off", async () => {
  const packed = Bun.zstdCompressSync(Buffer.from(Array.from({ length: 50_000 }, (_, i) => (i * i) % 251)));
  for (const cut of [packed.subarray(0, packed.length - 10), Bun.gzipSync(DISK).subarray(0, 200)]) {
    expect(await failure(ensure([image(file("cut", cut))]))).toMatchObject({ code: "DECOMPRESS_FAILED" });
    expect(readdirSync(dir)).toEqual([]);
  }
});

test("ensureImage() shares a download between instances", async () => {
  const url = `${serve({ "/disk.qcow2": qcow2(0n) })}/disk.qcow2`;
  await ensure([image(url)]);
  expect(read("basedisk")).toEqual(qcow2(0n));
  expect(statSync(join(dir, "basedisk")).ino).toBe(statSync(join(entryDir(join(scratch, "cache"), url), "data")).ino);
});

test("ensureImage() brings kernel, command line and initrd of the entry that worked", async () => {
  const base = serve({ "/disk": DISK, "/vmlinuz": Bun.gzipSync(Buffer.from("a kernel")), "/initrd": Bun.gzipSync(Buffer.from("an initrd")) });
  const ref = (name: string): { location: string; arch: "x86_64" } => ({ location: `${base}/${name}`, arch: "x86_64" });
  await ensure([
    image(`${base}/missing`, { kernel: { ...ref("vmlinuz"), cmdline: "of another image" }, initrd: ref("initrd") }),
    image(`${base}/disk`, { kernel: ref("vmlinuz"), initrd: ref("initrd") }),
  ]);
  expect(read("kernel").toString()).toBe("a kernel");
  expect(read("initrd")).toEqual(Buffer.from(Bun.gzipSync(Buffer.from("an initrd"))));
  expect(readdirSync(dir).toSorted()).toEqual(["basedisk", "initrd", "kernel"]);
});

test("ensureImage() falls through to the next entry, saying so", async () => {
  const path = file("a.img", DISK);
  await ensure([image("http://127.0.0.1:1/x"), image(join(scratch, "nothing.img")), image(file("b.img", qcow2(300n))), image(path)]);
  expect(read("basedisk")).toEqual(DISK);
  const warnings = lines.filter((line) => line.includes("level=warning"));
  expect(warnings).toHaveLength(3);
  expect(warnings[0]).toContain("failed to download the image: trying the next image");
  expect(warnings[1]).toContain("there is no such file");
  expect(warnings[2]).toContain("backing file");
});

test("ensureImage() ends with every reason", async () => {
  const error = await failure(ensure([image("http://127.0.0.1:1/x"), image(file("b.img", qcow2(300n)))]));
  expect(error).toMatchObject({ code: "IMAGE_UNAVAILABLE" });
  expect(String(error)).toContain('cannot download "http://127.0.0.1:1/x": no connection');
  expect(String(error)).toContain("it has a backing file");
  expect(await failure(ensure([image("http://127.0.0.1:1/x")]))).toMatchObject({ code: "DOWNLOAD_FAILED" });
  expect(await failure(ensure([image("x", { arch: "aarch64" })]))).toMatchObject({ code: "IMAGE_UNAVAILABLE" });
  expect(readdirSync(dir)).toEqual([]);
});

test("ensureImage() checks the digest of a local image", async () => {
  const path = file("a.img", DISK);
  expect(await failure(ensure([image(path, { digest: `sha256:${"0".repeat(64)}` })]))).toMatchObject({ code: "DIGEST_MISMATCH" });
});

test("ensureImage() does nothing when there is a disk, and removes leftovers when there is none", async () => {
  writeFileSync(join(dir, "diffdisk"), "");
  await ensure([image("http://127.0.0.1:1/x")]);
  rmSync(join(dir, "diffdisk"));
  for (const name of ["kernel", "kernel.cmdline", "basedisk.123-4.tmp", "lima.yaml"]) writeFileSync(join(dir, name), "left");
  await ensure([image(file("a.img", DISK))]);
  expect(readdirSync(dir).toSorted()).toEqual(["basedisk", "lima.yaml"]);
});

test("ensureImage() passes an abort on instead of trying the next image", async () => {
  const stop = new AbortController();
  stop.abort(new Error("stopped by the user"));
  const path = file("a.img.gz", Bun.gzipSync(DISK));
  expect(String(await failure(ensure([image(path), image(path)], context(stop.signal))))).toContain("stopped by the user");
  expect(readdirSync(dir)).toEqual([]);
});
