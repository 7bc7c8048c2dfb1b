import { describe, expect, test } from "bun:test";
import { parseYaml } from "./parse-yaml.ts";
import { stringifyYaml } from "./yaml.ts";

const read = (text: string): unknown => structuredClone(parseYaml(text, "f.yaml").value);

describe("values", () => {
  test.each([
    ["", null], ["# only a comment\n", null], ["---\n", null], ["a: 1\n---\nb: [\n", { a: 1 }], ["...\na: 1", null],
    ["a: 0644", { a: 420 }], ["a: 0o17", { a: 15 }], ["a: 0x1F", { a: 31 }], ["a: 1.30", { a: 1.3 }], ["a: 089", { a: 89 }],
    ["a: [true, True, TRUE, yes, on, ~, null]", { a: [true, true, true, "yes", "on", null, null] }],
    ["a: 9007199254740993", { a: 9007199254740993n }],
    ["a: !!binary aGk=", { a: "hi" }], ["a: !!str 1", { a: "1" }], ["a: !thing x", { a: "x" }], ["1: x\n~: y", { "1": "x", "~": "y" }],
    ["a: &x {b: 1}\nc: *x", { a: { b: 1 }, c: { b: 1 } }],
    ["a: &x {b: 1, d: 1}\nc:\n  b: 2\n  <<: *x", { a: { b: 1, d: 1 }, c: { b: 2, d: 1 } }],
    ["<<: [{a: 1}, {a: 2, b: 2}]", { a: 1, b: 2 }],
    ["%YAML 1.1\n---\na: yes\nb: 2001-01-01", { a: "yes", b: "2001-01-01" }],
    ["\ufeffa: 1", { a: 1 }], ["a: 1\r\nb: 2\r\n", { a: 1, b: 2 }],
  ])("%p", (text, value) => {
    expect(read(text)).toEqual(value as never);
  });

  test("__proto__ is a key like any other", () => {
    const { value } = parseYaml("__proto__: {x: 1}", "f");
    expect(Object.keys(value as object)).toEqual(["__proto__"]);
    expect(({} as { x?: number }).x).toBeUndefined();
  });
});

describe("errors have file, line and column", () => {
  test.each([
    ["a: 1\nb: c: d\n", /^f\.yaml:2:4: nested mappings/],
    ["a: 1\na: 2\n", /^f\.yaml:2:1: key "a" is given twice/],
    ["a:\n\t- b\n", /^f\.yaml:2:1: tabs/],
    ["a: [1, 2\nb: 3\n", /^f\.yaml:\d+:\d+: flow sequence/],
    ["a: 'x\n", /^f\.yaml:2:1: missing closing 'quote/],
    ["a: *nope", /^f\.yaml:1:4: alias "nope" names no anchor/],
    ["a: &a [*a]", /^f\.yaml:1:8: alias "a" contains itself/],
    ["? [1]\n: 2", /^f\.yaml:1:3: a key must be a word/],
    ["<<: 5", /^f\.yaml:1:5: merge key/],
    ["a: \"\u0001\"", /^f\.yaml:1:5: control character U\+0001/],
  ])("%p", (text, message) => {
    expect(() => parseYaml(text, "f.yaml")).toThrow(message);
  });
});

describe("limits", () => {
  const million = 1_000_000;

  test.each([
    ["size", "a".repeat(4 * 1024 * 1024 + 1), /larger than 4 MiB/],
    ["flow depth", "[".repeat(million), /nested deeper/],
    ["block depth", "- ".repeat(million), /nested deeper/],
    ["map depth", Array.from({ length: 300 }, (_, i) => `${" ".repeat(i)}a:\n`).join(""), /nested deeper/],
    ["tokens", "! ".repeat(million), /more than 400000/],
    ["aliases", `a: &a [1]\nb:\n${"- *a\n".repeat(30_000)}`, /aliases expand to more than/],
    ["alias bomb", `a0: &a0 [x, x]\n${Array.from({ length: 60 }, (_, i) => `a${i + 1}: &a${i + 1} [*a${i}, *a${i}]\n`).join("")}`, /aliases expand to more than/],
    ["merge bomb", `a0: &a0 {x: 1}\n${Array.from({ length: 60 }, (_, i) => `a${i + 1}: &a${i + 1} {p: *a${i}, <<: *a${i}}\n`).join("")}`, /aliases expand|nested deeper/],
  ])("%s", (_, text, message) => {
    const from = performance.now();
    expect(() => parseYaml(text, "f")).toThrow(message);
    expect(performance.now() - from).toBeLessThan(5000);
  });
});

describe("locate()", () => {
  const yaml = parseYaml("a: 1\nb:\n  - x: 1\n    y: |\n      one\n      two\n  - &q {z: 2}\nc: *q\n", "f");

  test.each([
    [["a"], {}, 1, 4], [["a"], { key: true }, 1, 1], [["b", 0, "x"], {}, 3, 8], [["b", 1, "z"], {}, 7, 12],
    [["b", 0, "y"], { textLine: 1 }, 6, 1], [["b", 0, "nope"], {}, 3, 5], [["nope", "deep"], {}, 1, 1], [["c", "z"], {}, 7, 12], [[], {}, 1, 1],
  ] as const)("%p %p is at %p:%p", (path, spot, line, column) => {
    expect(yaml.locate(path, spot)).toEqual({ line, column });
  });
});

test("stringifyYaml() writes what parseYaml() reads", () => {
  const value = { a: ["x: y", "1", "", "~", "multi\nline\n", "true"], b: { c: null, d: 1.5, e: [] }, long: "w ".repeat(200) };
  const text = stringifyYaml(value);
  expect(read(text)).toEqual(value);
  expect(text).toStartWith("a:\n- ");
});
