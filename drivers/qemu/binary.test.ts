import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LimaError } from "../../lib/base/errors.ts";
import type { Arch } from "../../lib/config/schema.ts";
import { findQemu } from "./binary.ts";

let dir: string;
const program = (name: string): string => join(dir, name);

beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), "lima-test-"));
  for (const name of ["qemu-system-x86_64", "qemu-system-arm", "my qemu", "apt-get"]) {
    writeFileSync(program(name), "#!/bin/sh\n");
    chmodSync(program(name), 0o755);
  }
});
afterAll(() => rmSync(dir, { recursive: true }));

function failure(arch: Arch, env: Record<string, string>): LimaError {
  try {
    findQemu(arch, env);
  } catch (error) {
    if (error instanceof LimaError) return error;
    throw error;
  }
  throw new Error("found");
}

describe("findQemu()", () => {
  test("finds the program in PATH under QEMU's spelling of the architecture", () => {
    expect(findQemu("x86_64", { PATH: dir })).toEqual({ path: program("qemu-system-x86_64"), leading: [] });
    expect(findQemu("armv7l", { PATH: `/nowhere:${dir}` }).path).toBe(program("qemu-system-arm"));
  });

  test("takes program and arguments from the environment", () => {
    expect(findQemu("x86_64", { PATH: "", QEMU_SYSTEM_X86_64: `'${program("my qemu")}' -cpu host -L "/a b"` })).toEqual({ path: program("my qemu"), leading: ["-cpu", "host", "-L", "/a b"] });
    expect(findQemu("armv7l", { PATH: dir, QEMU_SYSTEM_ARM: "qemu-system-x86_64" }).path).toBe(program("qemu-system-x86_64"));
  });

  test("names the package that is missing", () => {
    const error = failure("s390x", { PATH: dir });
    expect(error.code).toBe("QEMU_NOT_FOUND");
    expect(error.message).toBe("cannot run a s390x guest: qemu-system-s390x not found");
    expect(error.hint).toContain("apt-get install qemu-system-misc");
    expect(failure("x86_64", { PATH: "" }).hint).toBe("install qemu-system-x86 (Debian, Ubuntu), qemu-system-x86 (Fedora) or qemu (Homebrew)");
    expect(failure("x86_64", { PATH: dir, QEMU_SYSTEM_X86_64: "/nowhere/qemu" }).hint).toBe("correct $QEMU_SYSTEM_X86_64");
  });
});
