import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findVm, isVmOf } from "./find.ts";

let dir: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), "lima-test-"));
});
afterAll(() => rmSync(dir, { recursive: true }));

test("isVmOf() wants the pid file of exactly this directory", () => {
  expect(isVmOf("/l/a", ["qemu-system-x86_64", "-name", "lima-a", "-pidfile", "/l/a/qemu.pid"])).toBe(true);
  expect(isVmOf("/l/a", ["qemu-system-x86_64", "-pidfile", "/l/a/qemu.pid", "-S"])).toBe(true);
  expect(isVmOf("/l/a", ["qemu-system-x86_64", "-pidfile", "/l/ab/qemu.pid"])).toBe(false);
  expect(isVmOf("/l/a", ["vi", "/l/a/qemu.pid"])).toBe(false);
});

test.each(["", "x", "0", "-1", "99999999999999", "4194999\n"])("findVm() ignores the pid file %p", (text) => {
  writeFileSync(join(dir, "qemu.pid"), text);
  expect(findVm(dir)).toBeUndefined();
});

test("findVm() ignores a pid that another program has now", () => {
  writeFileSync(join(dir, "qemu.pid"), `${process.pid}\n`);
  expect(findVm(dir)).toBeUndefined();
  expect(findVm(join(dir, "missing"))).toBeUndefined();
});
