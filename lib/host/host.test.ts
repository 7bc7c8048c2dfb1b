import { afterEach, beforeEach, expect, test } from "bun:test";
import { existsSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freeBytes, linkOrCopy, writeFileAtomic } from "./files.ts";
import { isLocked, lock, tryLock } from "./lock.ts";
import { freeTcpPort, isTcpPortFree, tcpPortOwner } from "./ports.ts";
import { isSameProcess, processAlive, processCommandLine, processIdentity } from "./process.ts";
import { fitsSocketPath, removeRuntimeDir, socketPath } from "./sockets.ts";
import { which } from "./which.ts";

let dir: string;
beforeEach(() => { dir = mkdtempSync(join(tmpdir(), "lima-host-")); });
afterEach(() => rmSync(dir, { recursive: true }));

test("a lock is exclusive, seen by others, and writes down its holder", () => {
  const path = join(dir, "x.lock");
  expect(isLocked(path)).toBe(false);
  const held = tryLock(path);
  expect(tryLock(path)).toBeUndefined();
  expect(isLocked(path)).toBe(true);
  held?.write("a long first text");
  held?.write("me");
  expect(readFileSync(path, "utf8")).toBe("me");
  held?.release();
  expect(isLocked(path)).toBe(false);
});

test("lock() waits for a directory, says so once, and follows its signal", async () => {
  const held = tryLock(dir);
  let waits = 0;
  const next = lock(dir, { onWait: () => { waits++; } });
  expect(lock(dir, { signal: AbortSignal.timeout(60) })).rejects.toThrow();
  await Bun.sleep(120);
  held?.release();
  const got = await next;
  expect(waits).toBe(1);
  got.release();
});

test("two who only look do not see each other", () => {
  const path = join(dir, "x.lock");
  tryLock(path)?.release();
  expect([isLocked(path), isLocked(path)]).toEqual([false, false]);
});

test("a process is told from its namesake by boot and start time", () => {
  const me = processIdentity();
  expect(me?.pid).toBe(process.pid);
  if (!me) return;
  expect(isSameProcess(me)).toBe(true);
  expect(isSameProcess({ ...me, startTime: "1" })).toBe(false);
  expect(isSameProcess({ ...me, bootId: "another" })).toBe(false);
  expect([processAlive(process.pid), processAlive(0), processAlive(-1), processAlive(2 ** 22 + 5)]).toEqual([true, false, false, false]);
  expect(processCommandLine(process.pid)?.join(" ")).toContain("bun");
});

test("writeFileAtomic() replaces, sets the mode and leaves nothing beside", async () => {
  const path = join(dir, "f");
  writeFileSync(path, "old", { mode: 0o644 });
  await writeFileAtomic(path, "new", 0o600);
  expect([readFileSync(path, "utf8"), statSync(path).mode & 0o777, readdirSync(dir)]).toEqual(["new", 0o600, ["f"]]);
  expect(writeFileAtomic(join(dir, "missing", "f"), "x")).rejects.toThrow();
});

test("linkOrCopy() gives a second name, also over an existing one", async () => {
  writeFileSync(join(dir, "a"), "data");
  writeFileSync(join(dir, "b"), "other");
  await linkOrCopy(join(dir, "a"), join(dir, "b"));
  await linkOrCopy(join(dir, "a"), join(dir, "b"));
  expect([statSync(join(dir, "b")).ino, readdirSync(dir).toSorted()]).toEqual([statSync(join(dir, "a")).ino, ["a", "b"]]);
});

test("freeBytes() answers for a directory that is yet to be made", async () => {
  expect(await freeBytes(join(dir, "not", "yet"))).toBe(await freeBytes(dir));
});

test("a socket that fits stays; one that does not gets a private short place and a link", () => {
  expect(socketPath(dir, "a.sock")).toBe(join(dir, "a.sock"));
  const long = join(dir, "x".repeat(90));
  mkdirSync(long);
  const path = socketPath(long, "a.sock");
  expect(fitsSocketPath(path)).toBe(true);
  expect(readlinkSync(join(long, "a.sock"))).toBe(path);
  expect(socketPath(long, "a.sock")).toBe(path);
  expect(lstatSync(join(path, "..")).mode & 0o777).toBe(0o700);
  removeRuntimeDir(long);
  expect(existsSync(join(path, ".."))).toBe(false);
});

test("ports: free ones are free, taken ones have an owner", async () => {
  expect(await isTcpPortFree(await freeTcpPort())).toBe(true);
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as AddressInfo;
  expect(await isTcpPortFree(port)).toBe(false);
  if (process.platform === "linux") expect(tcpPortOwner(port)).toContain(`(pid ${process.pid})`);
  server.close();
});

test("which() looks along PATH for executable files", () => {
  mkdirSync(join(dir, "bin"));
  writeFileSync(join(dir, "bin", "tool"), "", { mode: 0o755 });
  writeFileSync(join(dir, "bin", "text"), "", { mode: 0o644 });
  mkdirSync(join(dir, "bin", "folder"));
  const env = { PATH: `/nonexistent:${join(dir, "bin")}` };
  expect([which("tool", env), which("text", env), which("folder", env), which("tool", {})]).toEqual([join(dir, "bin", "tool"), undefined, undefined, undefined]);
});
