import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cacheDir, limaHome, stderrLogger } from "./context.ts";

let dir = "";
beforeEach(() => { dir = realpathSync(mkdtempSync(join(tmpdir(), "lima-context-"))); });
afterEach(() => rmSync(dir, { recursive: true }));

test("limaHome() is LIMA_HOME, with symlinks resolved once it exists", () => {
  symlinkSync(join(dir, "real"), join(dir, "link"));
  expect(limaHome({ LIMA_HOME: join(dir, "link") })).toBe(join(dir, "link"));
  mkdirSync(join(dir, "real"));
  expect(limaHome({ LIMA_HOME: join(dir, "link") })).toBe(join(dir, "real"));
});

test("limaHome() is ~/.lima without it, and an error without both", () => {
  expect(limaHome({ HOME: "/home/u", LIMA_HOME: "" })).toBe("/home/u/.lima");
  expect(() => limaHome({})).toThrow("cannot find the Lima home");
});

test("cacheDir() ignores a relative XDG_CACHE_HOME", () => {
  expect(cacheDir({ HOME: "/home/u", XDG_CACHE_HOME: "/c" })).toBe("/c/lima");
  expect(cacheDir({ HOME: "/home/u", XDG_CACHE_HOME: "c" })).toBe("/home/u/.cache/lima");
});

test("stderrLogger() takes the level by either name, and --log-level before --debug", () => {
  expect(stderrLogger({ "log-level": "WARN" }, {}).level).toBe("warning");
  expect(stderrLogger({ debug: true }, {}).level).toBe("debug");
  expect(stderrLogger({ debug: true, "log-level": "error" }, {}).level).toBe("error");
  expect(() => stderrLogger({ "log-level": "loud" }, {})).toThrow('invalid argument "loud" for "--log-level" flag');
  expect(() => stderrLogger({ "log-format": "xml" }, {})).toThrow('invalid argument "xml" for "--log-format" flag');
});
