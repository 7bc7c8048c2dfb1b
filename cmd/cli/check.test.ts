import { expect, test } from "bun:test";
import { checkPositionals } from "./check.ts";

const ANY = Number.POSITIVE_INFINITY;

test.each<[readonly [number, number], readonly string[]]>([[[0, 1], []], [[0, 1], ["a"]], [[1, ANY], ["a", "b", "c"]], [[2, 2], ["a", "b"]]])("%j allows %j", (positionals, words) => {
  expect(() => checkPositionals("limactl x", { positionals }, words)).not.toThrow();
});

test.each<[readonly [number, number], readonly string[], string]>([
  [[1, ANY], [], "requires at least 1 arg(s), only received 0"],
  [[2, 2], ["a"], "accepts 2 arg(s), received 1"],
  [[0, 1], ["a", "b"], "accepts at most 1 arg(s), received 2"],
  [[1, 2], ["a", "b", "c"], "accepts between 1 and 2 arg(s), received 3"],
  [[0, 0], ["a"], 'unknown command "a" for "limactl x"'],
])("%j refuses %j", (positionals, words, message) => {
  expect(() => checkPositionals("limactl x", { positionals }, words)).toThrow(message);
});
