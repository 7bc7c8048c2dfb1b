import { expect, test } from "bun:test";
import { preservedEnv } from "./shell-env.ts";

const ENV = { FOO: "1", BAR: "2", PATH: "/bin", SSH_AUTH_SOCK: "/s", XDG_DATA_HOME: "/x", _: "x", BASH_ENV: "x", LC_ALL: "C", "weird-name": "x", NONE: undefined };
const names = (extra: Record<string, string>): string[] => Object.keys(preservedEnv({ ...ENV, ...extra })).filter((n) => !n.startsWith("LIMA_"));

test.each<[string, Record<string, string>, string[]]>([
  ["by default all but what the guest has of its own", {}, ["FOO", "BAR", "LC_ALL"]],
  ["a block list replaces the default", { LIMA_SHELLENV_BLOCK: "FOO" }, ["BAR", "PATH", "SSH_AUTH_SOCK", "XDG_DATA_HOME", "_", "BASH_ENV", "LC_ALL"]],
  ["+ extends it", { LIMA_SHELLENV_BLOCK: "+FOO, LC_*" }, ["BAR"]],
  ["the allow list is an exemption", { LIMA_SHELLENV_ALLOW: "SSH_*" }, ["FOO", "BAR", "SSH_AUTH_SOCK", "LC_ALL"]],
  ["block all, allow some", { LIMA_SHELLENV_BLOCK: "*", LIMA_SHELLENV_ALLOW: "FOO,B*R" }, ["FOO", "BAR"]],
  ["blanks and empty items are ignored", { LIMA_SHELLENV_BLOCK: "+ , BAR ,," }, ["FOO", "LC_ALL"]],
])("%s", (_name, extra, expected) => expect(names(extra)).toEqual(expected));

test.each(["FOO-BAR", "A B", "A.*"])("the pattern %p is an error", (pattern) => {
  expect(() => preservedEnv({ LIMA_SHELLENV_BLOCK: pattern })).toThrow(`invalid LIMA_SHELLENV_BLOCK pattern "${pattern}"`);
});
