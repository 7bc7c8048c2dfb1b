import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { mkdir, mkdtemp, readdir, rm, stat, truncate } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { embeddedFile, guestAgentPath } from "./assets.ts";

const NAME = "lima-guestagent.Linux-x86_64";
let temp: string;
let shareDir: string;
let cacheDir: string;

beforeEach(async () => {
  temp = await mkdtemp(join(tmpdir(), "assets-"));
  shareDir = join(temp, "share");
  cacheDir = join(temp, "cache");
  await mkdir(shareDir);
});
afterEach(() => rm(temp, { recursive: true }));

const find = (): Promise<string | undefined> => guestAgentPath({ arch: "x86_64", shareDir, cacheDir });

describe("guestAgentPath()", () => {
  test("takes the file in the share directory as it is", async () => {
    await Bun.write(join(shareDir, NAME), "agent");
    expect(await find()).toBe(join(shareDir, NAME));
  });

  test("unpacks a .gz into the cache, executable", async () => {
    await Bun.write(join(shareDir, `${NAME}.gz`), gzipSync("agent"));
    const path = (await find()) ?? "";
    expect(path.startsWith(join(cacheDir, "assets"))).toBe(true);
    expect(await Bun.file(path).text()).toBe("agent");
    expect((await stat(path)).mode & 0o777).toBe(0o755);
  });

  test("repairs a truncated leftover and keeps a whole one", async () => {
    await Bun.write(join(shareDir, `${NAME}.gz`), gzipSync("agent"));
    const path = (await find()) ?? "";
    const before = await stat(path);
    await find();
    expect((await stat(path)).ino).toBe(before.ino);
    await truncate(path, 2);
    expect(await find()).toBe(path);
    expect(await Bun.file(path).text()).toBe("agent");
  });

  test("unpacks once for many callers at a time and leaves no temporary file", async () => {
    await Bun.write(join(shareDir, `${NAME}.gz`), gzipSync("agent".repeat(100_000)));
    const paths = new Set(await Promise.all(Array.from({ length: 8 }, find)));
    expect(paths.size).toBe(1);
    expect(await readdir(dirname([...paths][0] ?? ""))).toEqual([NAME]);
  });

  test("puts another content beside the first one", async () => {
    await Bun.write(join(shareDir, `${NAME}.gz`), gzipSync("one"));
    const one = await find();
    await Bun.write(join(shareDir, `${NAME}.gz`), gzipSync("two"));
    const two = await find();
    expect(two).not.toBe(one);
    expect(await Bun.file(two ?? "").text()).toBe("two");
  });

  test("is undefined where there is no agent for the architecture", async () => {
    expect(await guestAgentPath({ arch: "riscv64", shareDir, cacheDir })).toBeUndefined();
    expect(await guestAgentPath({ arch: "x86_64", shareDir: undefined, cacheDir })).toBeUndefined();
  });
});

test("embeddedFile() finds nothing when run from source", () => {
  expect(embeddedFile(NAME)).toBeUndefined();
});
