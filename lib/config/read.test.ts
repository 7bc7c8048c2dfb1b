import { afterAll, beforeEach, describe, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Context } from "../base/context.ts";
import { codeOf, LimaError } from "../base/errors.ts";
import { createLogger } from "../base/log.ts";
import { readInstanceConfig } from "./read.ts";

const top = mkdtempSync(join(tmpdir(), "lima-read-"));
afterAll(() => rmSync(top, { recursive: true }));

let count = 0;
let home = "";
beforeEach(() => {
  home = join(top, String(count++));
});

function context(): Context {
  return {
    home, cacheDir: join(home, "cache"), env: {}, log: createLogger({ level: "info", format: "text", write: () => undefined }), signal: new AbortController().signal,
    debug: false, tty: false, self: [], version: "0.1.0", shareDir: undefined,
  };
}

function put(path: string, text: string): void {
  mkdirSync(dirname(join(home, path)), { recursive: true });
  writeFileSync(join(home, path), text);
}

const failure = (name: string): Promise<unknown> => readInstanceConfig(context(), name).then(() => undefined, (error: unknown) => error);

describe("readInstanceConfig()", () => {
  test("reads the instance, default.yaml and override.yaml", async () => {
    put("foo/lima.yaml", "images: [{location: /m}]\nmounts: [{location: /x}]\n");
    put("_config/default.yaml", "cpus: 1\ntimezone: UTC\n");
    put("_config/override.yaml", "cpus: 3\nimages: [{location: /o}]\n");
    const { config, warnings, text } = await readInstanceConfig(context(), "foo");
    expect([config.cpus, config.timezone, config.images.map((image) => image.location)]).toEqual([3, "UTC", ["/o", "/m"]]);
    expect(warnings).toEqual([`${join(home, "foo/lima.yaml")}:2:1: field "mounts" is not supported by this version yet: it has no effect`]);
    expect(text).toStartWith("images:");
  });

  test.each([
    ["only lima.yaml", [], ".guest"], ["a version, not started yet", [["lima-version", "2.0.0"]], ".guest"],
    ["started, 2.0.0", [["lima-version", "2.0.0\n"], ["diffdisk", ""]], ".linux"], ["started, no version", [["ha.stderr.log", ""]], ".linux"], ["started, 2.2.0", [["lima-version", "2.2.0"], ["disk", ""]], ".guest"],
  ] as const)("guest home of an instance with %s", async (_, files, suffix) => {
    put("foo/lima.yaml", "images: [{location: /m}]\nuser: {name: eve}\n");
    for (const [file, text] of files) put(`foo/${file}`, text);
    expect((await readInstanceConfig(context(), "foo")).config.user.home).toBe(`/home/eve${suffix}`);
  });

  test("a missing instance, and a directory without lima.yaml", async () => {
    for (const name of ["foo", "bar"]) {
      if (name === "bar") put("bar/ha.pid", "1");
      const error = await failure(name);
      expect(error).toBeInstanceOf(LimaError);
      expect(error).toMatchObject({ code: "INSTANCE_NOT_FOUND", message: `instance "${name}" does not exist`, hint: `run "limactl create ${name}"` });
    }
  });

  test("names that lead elsewhere are refused", async () => {
    put("_config/lima.yaml", "images: []");
    for (const name of ["../x", "_config", "", "a/b"]) expect(codeOf(await failure(name))).toBe("INVALID_NAME");
  });

  test("a file that cannot be read says so", async () => {
    mkdirSync(join(home, "foo/lima.yaml"), { recursive: true });
    expect(await failure("foo")).toMatchObject({ code: "CONFIG_UNREADABLE" });
  });

  test("an endless file is cut off and refused", async () => {
    put("foo/lima.yaml", "#".repeat(5 * 1024 * 1024));
    expect(await failure("foo")).toMatchObject({ code: "CONFIG_SYNTAX", message: `${join(home, "foo/lima.yaml")}:1:1: the text is larger than 4 MiB` });
  });
});
