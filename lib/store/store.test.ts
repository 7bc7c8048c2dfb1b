import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { codeOf } from "../base/errors.ts";
import { tryLock } from "../host/lock.ts";
import { processIdentity } from "../host/process.ts";
import { hostnameOf, instanceNames } from "./dirs.ts";
import { FILES } from "./filenames.ts";
import { existingDir, hostAgentHolder, instanceExists, instanceVersion, isProtected, lockInstance } from "./instance.ts";
import { makeUnfinished, removeInstanceDir, sweepUnfinished } from "./unfinished.ts";

let home = "";
beforeEach(() => { home = mkdtempSync(join(tmpdir(), "lima-store-")); });
afterEach(() => rmSync(home, { recursive: true, force: true }));

describe("instanceNames()", () => {
  test("are the directories but ours, in byte order", () => {
    for (const name of ["b", "a", "B", "_config", ".a.tmp-1", "a.b"]) mkdirSync(join(home, name));
    writeFileSync(join(home, "file"), "");
    symlinkSync(join(home, "a"), join(home, "link"));
    expect(instanceNames(home)).toEqual(["B", "a", "a.b", "b"]);
  });
  test("are none in a home that does not exist", () => expect(instanceNames(join(home, "no"))).toEqual([]));
});

test("hostnameOf() has no dots and underscores", () => expect(hostnameOf("a.b_c-d")).toBe("lima-a-b-c-d"));

describe("instanceExists() and existingDir()", () => {
  test("also tell of a broken one", () => {
    mkdirSync(join(home, "a"));
    expect(instanceExists(home, "a")).toBe(true);
    expect(existingDir(home, "a")).toBe(join(home, "a"));
    expect(() => existingDir(home, "b")).toThrow('instance "b" does not exist');
  });
  test.each(["../x", "_config", ".", "a/b", ""])("refuse %p before they look at the disk", (name) => {
    expect(() => instanceExists(home, name)).toThrow("invalid instance name");
  });
});

test("isProtected() and instanceVersion() read their files", () => {
  expect([isProtected(home), instanceVersion(home)]).toEqual([false, ""]);
  writeFileSync(join(home, FILES.protected), "");
  writeFileSync(join(home, FILES.version), "2.0.1\n");
  expect([isProtected(home), instanceVersion(home)]).toEqual([true, "2.0.1"]);
});

describe("lockInstance()", () => {
  test("is held by one at a time", async () => {
    mkdirSync(join(home, "a"));
    const first = await lockInstance(home, "a");
    let waited = false;
    const second = lockInstance(home, "a", { onWait: () => { waited = true; } });
    await Bun.sleep(10);
    expect(waited).toBe(true);
    first.release();
    (await second).release();
  });

  test("tells that the instance was deleted in the meantime, and leaves nothing", async () => {
    mkdirSync(join(home, "a"));
    const first = await lockInstance(home, "a");
    const second = lockInstance(home, "a");
    removeInstanceDir(home, "a");
    first.release();
    expect(codeOf(await second.then(() => undefined, (error: unknown) => error))).toBe("INSTANCE_NOT_FOUND");
    expect(readdirSync(home)).toEqual([]);
  });

  test("gives up when aborted", async () => {
    mkdirSync(join(home, "a"));
    using _first = await lockInstance(home, "a");
    const error: unknown = await lockInstance(home, "a", { signal: AbortSignal.timeout(20) }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(DOMException);
  });
});

describe("hostAgentHolder()", () => {
  test("is who holds the lock", () => {
    const path = join(home, FILES.hostAgentLock);
    expect(hostAgentHolder(home)).toBeUndefined();
    const lock = tryLock(path);
    lock?.write(JSON.stringify(processIdentity()));
    expect(hostAgentHolder(home)).toEqual({ pid: process.pid });
    lock?.release();
    // What it left does not count.
    expect(existsSync(path)).toBe(true);
    expect(hostAgentHolder(home)).toBeUndefined();
  });

  test("is somebody unknown while the file names nobody that lives", () => {
    using lock = tryLock(join(home, FILES.hostAgentLock));
    expect(hostAgentHolder(home)).toEqual({ pid: undefined });
    lock?.write('{"pid":2147483646}');
    expect(hostAgentHolder(home)).toEqual({ pid: undefined });
  });
});

describe("unfinished instances", () => {
  test("are locked, keep the lock over a rename, and are listed only then", async () => {
    const { path, lock } = await makeUnfinished(home, "a");
    expect(instanceNames(home)).toEqual([]);
    renameSync(path, join(home, "a"));
    expect(tryLock(join(home, "a"))).toBeUndefined();
    lock.release();
    expect(instanceNames(home)).toEqual(["a"]);
  });

  test("of dead processes are swept, those of living ones and other files stay", () => {
    // 2^22 is above every pid Linux gives; pid 1 always lives.
    for (const name of [".a.tmp-4194399", ".b.tmp-1", ".c", "d.tmp-4194399"]) mkdirSync(join(home, name));
    sweepUnfinished(home);
    expect(readdirSync(home).toSorted()).toEqual([".b.tmp-1", ".c", "d.tmp-4194399"]);
  });

  test("are not swept while somebody holds their lock", () => {
    mkdirSync(join(home, ".a.tmp-4194399"));
    using _lock = tryLock(join(home, ".a.tmp-4194399"));
    sweepUnfinished(home);
    expect(readdirSync(home)).toEqual([".a.tmp-4194399"]);
  });

  test("removeInstanceDir() leaves nothing", () => {
    mkdirSync(join(home, "a", "sub"), { recursive: true });
    writeFileSync(join(home, "a", FILES.version), "", { mode: 0o444 });
    removeInstanceDir(home, "a");
    expect(readdirSync(home)).toEqual([]);
  });
});
