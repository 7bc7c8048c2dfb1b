import { expect, test } from "bun:test";
import { editDistance, suggestions } from "./suggest.ts";

test.each([["start", "start", 0], ["strat", "start", 2], ["stat", "start", 1], ["", "abc", 3], ["list", "shell", 5]])("editDistance(%p, %p) is %p", (a, b, n) => expect(editDistance(a, b)).toBe(n));

const VERBS = ["create", "delete", "info", "list", "restart", "shell", "show-ssh", "start", "stop", "validate"];
test.each<[string, string[]]>([
  ["strat", ["start"]],
  ["lst", ["list"]],
  ["val", ["validate"]],
  ["ssh", ["shell"]],
  ["st", ["start", "stop"]],
  ["frobnicate", []],
])("suggestions(%p)", (word, near) => expect([...suggestions(word, VERBS)]).toEqual(near));
