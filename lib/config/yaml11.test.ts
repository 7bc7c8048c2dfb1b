import { expect, test } from "bun:test";
import { composeYaml, stringifyYaml11 } from "./yaml.ts";

// PyYAML was given the same kind of list by hand: every text came back as it was.
test.each([
  "52:55:55:11:22:33", "12:30", "yes", "No", "OFF", "y", "~", "null", "0644", "1_000", "0x1F", "1e3", ".5", "-.inf", "2001-01-01", "=", "<<", "", " x", "x ",
  "a: b", "a #b", "- x", "x\ty", "x\r\ny", "123", "x\u0085y", "\u2028",
])("stringifyYaml11() quotes %j", (text) => {
  expect(stringifyYaml11({ key: text })).toMatch(/^key: "[\t -~]*"\n$/);
});

test("stringifyYaml11() leaves scripts readable and ordinary words plain", () => {
  const script = "#!/bin/sh\n\techo 'x: y' \\\n\n  z  \n";
  expect(stringifyYaml11({ aa: "eth0", bb: script, cc: [1, true, null, []] })).toBe(`aa: eth0\nbb: |\n${script.slice(0, -1).split("\n").map((l) => (l === "" ? "" : `  ${l}`)).join("\n")}\ncc:\n- 1\n- true\n- null\n- []\n`);
});

test("what stringifyYaml11() writes reads back as the same value (seeded)", () => {
  const alphabet = Array.from("ab01:- \n\t#'\"\\{}[],&*!|>%@`?=<~._eyno\u0085\u2028é😀\r\u001b\ufeff");
  let seed = 5;
  const random = (below: number): number => {
    seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff;
    return (seed >> 8) % below;
  };
  const list = Array.from({ length: 3000 }, () => Array.from({ length: random(12) }, () => alphabet[random(alphabet.length)] ?? "").join(""));
  expect(composeYaml(stringifyYaml11({ list }), "x").document.toJS()).toEqual({ list });
});
