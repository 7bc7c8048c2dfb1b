import { describe, expect, test } from "bun:test";
import { formatDuration, parseBoolean, parseCsv, parseDuration } from "./values.ts";

test.each(["1", "t", "T", "true", "TRUE", "True"])("parseBoolean(%p) is true", (text) => expect(parseBoolean(text)).toBe(true));
test.each(["0", "f", "F", "false", "FALSE", "False"])("parseBoolean(%p) is false", (text) => expect(parseBoolean(text)).toBe(false));
test.each(["", "yes", "tRue", "2"])("parseBoolean(%p) throws", (text) => expect(() => parseBoolean(text)).toThrow(RangeError));

describe("durations", () => {
  test.each([["0", 0], ["90s", 90_000], ["1h30m", 5_400_000], ["1.5m", 90_000], ["250ms", 250], ["-1s", -1000], ["1m0.5s", 60_500]])("%p is %p ms", (text, ms) => expect(parseDuration(text)).toBe(ms));
  test.each(["", "10", "1d", "s", "1s ", "1 s", "--1s"])("%p is none", (text) => expect(() => parseDuration(text)).toThrow(RangeError));
  test.each([[600_000, "10m0s"], [5_400_000, "1h30m0s"], [2500, "2.5s"], [250, "250ms"]])("%p ms is printed as %p", (ms, text) => expect(formatDuration(ms)).toBe(text));
});

test.each<[string, string[]]>([
  ["", []],
  ["a", ["a"]],
  ["a,b", ["a", "b"]],
  ["a,", ["a", ""]],
  ['"a,b",c', ["a,b", "c"]],
  ['"say ""hi"""', ['say "hi"']],
])("parseCsv(%p)", (text, fields) => expect(parseCsv(text)).toEqual(fields));
test.each(['a"b', '"a', '"a"b'])("parseCsv(%p) throws", (text) => expect(() => parseCsv(text)).toThrow(RangeError));
