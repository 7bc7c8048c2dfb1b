import { describe, expect, test } from "bun:test";
import { shellWords } from "./shell-words.ts";

describe("shellWords()", () => {
  test.each([
    ["", []],
    ["  ", []],
    ["/opt/qemu -cpu max", ["/opt/qemu", "-cpu", "max"]],
    [`'/my path/qemu' -append "a b"\tc`, ["/my path/qemu", "-append", "a b", "c"]],
    [`a\\ b "c\\"d" 'e\\f' "g\\h"`, ["a b", 'c"d', "e\\f", "g\\h"]],
    [`x''y ""`, ["xy", ""]],
  ])("splits %p", (line, words) => {
    expect(shellWords(line)).toEqual(words);
  });

  test("refuses an open quote", () => {
    expect(() => shellWords(`qemu "-cpu`)).toThrow("is not closed");
  });
});
