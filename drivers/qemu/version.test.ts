import { describe, expect, test } from "bun:test";
import { LimaError } from "../../lib/base/errors.ts";
import { parseAccelerators } from "./build.ts";
import { atLeast, checkVersion, compareVersions, parseQemuVersion, parseVersion } from "./version.ts";

const v = (major: number, minor: number, micro = 0) => ({ major, minor, micro });

describe("parseQemuVersion()", () => {
  test.each([
    ["QEMU emulator version 7.2.22 (Debian 1:7.2+dfsg-7+deb12u18+b3)\nCopyright (c) 2003-2022", v(7, 2, 22)],
    ["QEMU emulator version 10.0.0", v(10, 0)],
    ["warning: something\nQEMU emulator version 9.1.50 (v9.1.0-1-gabc)", v(9, 1, 50)],
    ["qemu: command not found", undefined],
  ])("reads %p", (text, version) => {
    expect(parseQemuVersion(text)).toEqual(version);
  });
});

test("parseVersion() takes short and suffixed forms", () => {
  expect(parseVersion("8")).toEqual(v(8, 0));
  expect(parseVersion("v8.2")).toEqual(v(8, 2));
  expect(parseVersion("8.2.1-rc0")).toEqual(v(8, 2, 1));
  expect(parseVersion("eight")).toBeUndefined();
});

test("compareVersions() compares numbers, not texts", () => {
  expect(compareVersions(v(10, 0), v(9, 2))).toBeGreaterThan(0);
  expect(atLeast(v(7, 2, 22), 8, 0)).toBe(false);
  expect(atLeast(undefined, 8, 0)).toBe(true);
});

describe("checkVersion()", () => {
  const code = (f: () => unknown): string | undefined => {
    try {
      f();
    } catch (error) {
      return error instanceof LimaError ? error.code : "bug";
    }
    return undefined;
  };

  test("is silent about a recent QEMU and warns about an old or unknown one", () => {
    expect(checkVersion(v(9, 0), undefined)).toBeUndefined();
    expect(checkVersion(v(5, 2), undefined)).toContain("QEMU 5.2.0 is old");
    expect(checkVersion(undefined, "8.0")).toContain("cannot tell the version");
  });

  test("refuses what is below the floor or the configured minimum", () => {
    expect(code(() => checkVersion(v(3, 1), undefined))).toBe("QEMU_TOO_OLD");
    expect(code(() => checkVersion(v(7, 2, 22), "8.2.1"))).toBe("QEMU_TOO_OLD");
    expect(code(() => checkVersion(v(8, 2, 1), "8.2.1"))).toBeUndefined();
    expect(code(() => checkVersion(v(9, 0), "new"))).toBe("BAD_VERSION");
  });
});

test("parseAccelerators() reads the list, not the heading", () => {
  expect(parseAccelerators("Accelerators supported in QEMU binary:\ntcg\nkvm\n")).toEqual(["tcg", "kvm"]);
});
