import { expect, test } from "bun:test";
import { printf } from "./printf.ts";

test.each([
  ["%s|%10s|%-10s|%.2s", ["go", "go", "go", "going"], "go|        go|go        |go"],
  ["%v %v %v %v", ["a", 1, true, [1, "b"]], "a 1 true [1 b]"],
  ["%d|%5d|%-5d|%05d|%+d|% d|%d", [42, 42, 42, 42, 42, 42, -7], "42|   42|42   |00042|+42| 42|-7"],
  ["%x %X %#x %o %b %x", [255, 255, 255, 8, 5, -255], "ff FF 0xff 10 101 -ff"],
  ["%x %X", ["hello", "\u00e9"], "68656c6c6f C3A9"],
  ["%f|%.2f|%5.2f|%8.3f|%-8.1f|%08.3f|%+.1f", [1.5, 2.377, 3.14159, 3.14159, 1.5, -3.14159, 2], "1.500000|2.38| 3.14|   3.142|1.5     |-003.142|+2.0"],
  ["%e %.2e %E", [123456.789, 0.00012, 1e10], "1.234568e+05 1.20e-04 1.000000E+10"],
  ["%g %g %g %.3g %g", [100000, 1e21, 0.00001, 1234.5678, 2.5], "100000 1e+21 1e-05 1.23e+03 2.5"],
  ["%q %q %q", ["a\"b\n", "\u00e9\u0000\u00a0", ["x", "y"]], '"a\\"b\\n" "\u00e9\\x00\\u00a0" ["x" "y"]'],
  ["%q %c", [120, 0x263a], "'x' \u263a"],
  ["%t %5t|", [true, false], "true false|"],
  ["%d%%", [50], "50%"],
  ["%d %s", [[1, 2], { a: 1 }], "[1 2] map[a:1]"],
  ["%s", [8080], "8080"],
  ["no verbs", [], "no verbs"],
  ["%5s|%-5s|", ["\u00e9", "\u00e9"], "    \u00e9|\u00e9    |"],
] as [string, unknown[], string][])("printf(%p)", (format, values, text) => expect(printf(format, values)).toBe(text));

test.each([
  ["%d", ["x"], '"%d" cannot print a text'],
  ["%d", [1.5], '"%d" cannot print a number'],
  ["%t", [1], '"%t" cannot print a number'],
  ["%d %d", [1], 'no value for "%d"'],
  ["%d", [1, 2], '1 more values than verbs in "%d"'],
  ["%y", [1], 'unknown verb "%y"'],
  ["100%", [], 'unknown verb "%"'],
  ["%*d", [1, 2], 'unknown verb "%"'],
  ["%1001d", [1], "above 1000"],
] as [string, unknown[], string][])("printf(%p, %p) throws", (format, values, reason) => expect(() => printf(format, values)).toThrow(reason));
