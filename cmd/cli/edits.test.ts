import { expect, test } from "bun:test";
import { editsOf, givenNewFlags } from "./edits.ts";

test("editsOf() has only the flags that were given", () => {
  expect(editsOf({})).toEqual({});
  expect(editsOf({ cpus: 0, video: false, "ssh-port": 0 })).toEqual({ cpus: 0, video: false, sshPort: 0 });
});

test("editsOf() takes quotes off addresses and splits parameters at their first =", () => {
  expect(editsOf({ dns: ['"1.1.1.1"', "8.8.8.8"], param: ["A=b=c", "D="] })).toEqual({ dns: ["1.1.1.1", "8.8.8.8"], param: { A: "b=c", D: "" } });
});

test("editsOf() takes expressions as they are", () => {
  expect(editsOf({ set: [".a = [1, 2]", ""] })).toEqual({ set: [".a = [1, 2]", ""] });
});

test.each(["novalue", "=x"])("--param=%s is an error", (text) => {
  expect(() => editsOf({ param: [text] })).toThrow("must be KEY=VALUE");
});

test("givenNewFlags() names what an existing instance cannot take", () => {
  expect(givenNewFlags({ cpus: 2, arch: "aarch64", plain: false })).toEqual(["arch", "plain"]);
});
