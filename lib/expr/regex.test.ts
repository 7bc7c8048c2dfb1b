import { expect, test } from "bun:test";
import { Budget } from "./budget.ts";
import { findIn, parsePattern, replaceIn } from "./regex.ts";

const PATTERNS = ["a", "a|b", "a*", "a+?b", "(a|ab)(c|bcd)", "^a", "a$", "[a-c]+", "[^a]", "\\d+", "\\w\\b", "(?:ab)+", "a{2}", "a{1,2}", "a{2,}", "(a)(b)?", ".b", "\\.", "[\\d.]+", "x*", "(a*)*b", "[]a]", "\\Ba", "(?i)AB", "a{x"];
const TEXTS = ["", "a", "b", "ab", "abcd", "aab", "aaa", "xyz", "12.5", "a.b", "AB", "]", "cab", "a\nb", "a{x"];

test("finds what the engine's own expressions find", () => {
  for (const pattern of PATTERNS) {
    const own = pattern.startsWith("(?i)") ? new RegExp(pattern.slice(4), "i") : new RegExp(pattern.replace("[]a]", "[\\]a]").replace("a{x", "a\\{x"));
    for (const text of TEXTS) {
      const expected = own.exec(text);
      const found = findIn(parsePattern(pattern), text, 0, new Budget());
      expect([pattern, text, found?.from, found?.to]).toEqual([pattern, text, expected?.index, expected === null ? undefined : expected.index + expected[0].length]);
    }
  }
});

test.each([
  ["a", "banana", "o", "bonono"],
  ["(\\w+) (\\w+)", "one two", "$2-${1}$$", "two-one$"],
  ["x*", "ab", "-", "-a-b-"],
  ["^", "ab", "> ", "> ab"],
  ["(a)|b", "ab", "[$1]", "[a][]"],
])("replaces %s in %s", (pattern, text, by, expected) => {
  expect(replaceIn(parsePattern(pattern), text, by, new Budget())).toBe(expected);
});

test.each(["(", ")", "[", "*", "a**", "a{2,1}", "a{2000}", "\\", "\\q", "(?<n>a)", "(?!a)", "[b-a]", "(".repeat(500)])("%s is refused", (pattern) => {
  expect(() => parsePattern(pattern)).toThrow("invalid regular expression");
});

test.each([["^(a|a)*$", `${"a".repeat(50)}b`], ["(a+)+$", `${"a".repeat(50)}b`], ["(ab)*", "ab".repeat(100_000)], [".*.*.*.*x", "a".repeat(5000)]])("%s ends", (pattern, text) => {
  expect(() => findIn(parsePattern(pattern), text, 0, new Budget())).toThrow();
});
