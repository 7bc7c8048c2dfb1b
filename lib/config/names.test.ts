import { describe, expect, test } from "bun:test";
import { parseDigest } from "./digest.ts";
import { assertInstanceName, guestHostname, identifierProblem, instanceNameProblem } from "./identifier.ts";
import { didYouMean, suggest } from "./suggest.ts";
import { compareTriples, isAtLeast, parseVersion } from "./version.ts";

describe("instance names", () => {
  test.each(["default", "a", "1", "Foo-1.2_x", "foo.qcow2", "a".repeat(76)])("%p is one", (name) => {
    expect(instanceNameProblem(name)).toBeUndefined();
  });

  test.each(["", "_config", ".hidden", "a..b", "a-", "-a", "a b", "a/b", "..", "ä", "a\n", "a".repeat(77), "foo.yaml", "foo.YML"])("%p is none", (name) => {
    expect(instanceNameProblem(name)).toBeString();
  });

  test("a disk may end in .yaml, an instance may not", () => {
    expect(identifierProblem("foo.yaml")).toBeUndefined();
    expect(() => assertInstanceName("foo.yaml")).toThrow('invalid instance name "foo.yaml": must not end with .yml or .yaml');
  });

  test("guestHostname() has no dots and underscores", () => {
    expect(guestHostname("a.b_c-d")).toBe("lima-a-b-c-d");
  });
});

describe("parseDigest()", () => {
  test.each(["sha256", "sha384", "sha512"] as const)("reads %s", (algorithm) => {
    const hex = "0a".repeat({ sha256: 32, sha384: 48, sha512: 64 }[algorithm]);
    expect(parseDigest(`${algorithm}:${hex}`)).toEqual({ algorithm, hex });
  });

  test.each([
    ["", "format"], ["sha256", "format"], ["sha256:", "format"], [`sha256:${"A".repeat(64)}`, "format"], [`sha256:${"0".repeat(63)}`, "length"], [`sha256:${"0".repeat(65)}`, "length"],
    [`md5:${"0".repeat(32)}`, "unsupported"], [`constructor:${"0".repeat(32)}`, "unsupported"], [`sha256:${"0".repeat(64)}\n`, "format"],
  ])("refuses %p", (text, reason) => {
    expect(parseDigest(text)).toContain(reason);
  });
});

describe("versions", () => {
  test.each([["1.2.3", [1, 2, 3]], ["v1.2.3", [1, 2, 3]], ["1.2.3-rc.1", [1, 2, 3]], ["1.2.3+x", [1, 2, 3]], ["1.2.3.m", [1, 2, 3]], ["2.0.0-5-gabc.m\n", [2, 0, 0]]] as const)("%p is read", (text, triple) => {
    expect(parseVersion(text)).toEqual([...triple] as [number, number, number]);
  });

  test.each(["", "1", "1.2", "1.2.3.4", "<unknown>", "abcdef0", "1.2.x"])("%p is none", (text) => {
    expect(parseVersion(text)).toBeUndefined();
  });

  test.each([
    ["", "1.0.0", false], ["0.1.0", "2.1.0", true], ["<unknown>", "2.1.0", true], ["1.0.0", "1.0.0", true], ["1.0.0-3-gabc", "1.0.0", true], ["1.2.9", "2.0.0", false],
    ["2.0.10", "2.1.0", false], ["2.1.0", "2.1.0", true], ["10.0.0", "2.1.0", true],
  ])("made by %p: at least %p is %p", (version, release, expected) => {
    expect(isAtLeast(version, release)).toBe(expected);
  });

  test("compareTriples() compares numbers, not digits", () => {
    expect(compareTriples([1, 10, 0], [1, 9, 9])).toBeGreaterThan(0);
  });
});

describe("suggest()", () => {
  const known = ["cpus", "memory", "mounts", "mountType", "os", "portForwards"];

  test.each([["cpu", "cpus"], ["memroy", "memory"], ["mount", "mounts"], ["mounttype", "mountType"], ["PortForwards", "portForwards"]])("%p was meant to be %p", (word, meant) => {
    expect(suggest(word, known)).toBe(meant);
  });

  test.each(["", "x", "zz", "completely", "constructor"])("%p is near nothing", (word) => {
    expect(didYouMean(word, known)).toBe("");
  });
});
