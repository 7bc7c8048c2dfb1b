import { expect, test } from "bun:test";
import { LimaError } from "../base/errors.ts";
import { parseYaml } from "../config/parse-yaml.ts";
import { editYaml } from "./edit.ts";
import { FUNCTIONS } from "./functions.ts";
import { query } from "./query.ts";

/** mulberry32: the same cases on every machine. */
function randomFrom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

type Random = ReturnType<typeof randomFrom>;

function pick<T>(random: Random, items: readonly T[]): T {
  const item = items[random(items.length)];
  if (item === undefined) throw new Error("nothing to pick from");
  return item;
}

const LEAVES = [".", ".a", ".b.c", ".l", ".l[0]", ".l[]", ".l[-1]", ".m", ".m.x", ".al", ".al.x", ".me.x", ".me", "..", ".[]", "1", "-2", "0.5", '"x"', '"a*"', '"\\n"', '"0644"', '"#"', '": "', "null", "true", "[]", "{}", '{"k": 1}', "[1, \"y\"]", ".nope", ".__proto__", '"\\ud800"', "1e400", "99999999999999999999"];
const OPERATORS = ["=", "|=", "+=", "-=", "*=", "*+=", "//=", "|", ",", "+", "-", "*", "*+", "*d", "*n", "*?", "/", "%", "//", "==", "!=", "<", ">=", "and", "or"];
const PLACES = [".a", ".b.c", ".l", ".l[]", ".l[1].z", ".m", ".m.x", ".al", ".al.x", ".me.x", ".new.x[0]", "(.a, .b)", "(.l[] | select(.z))", ".[\"k\"]"];
const CHANGES = ["=", "|=", "+=", "*=", "//="];
const NAMES = [...FUNCTIONS];

function expressionOf(random: Random, depth: number): string {
  if (depth === 0) return pick(random, LEAVES);
  const part = (): string => expressionOf(random, random(depth));
  switch (random(8)) {
    case 0: case 1: case 2: return `(${part()}) ${pick(random, OPERATORS)} (${part()})`;
    case 3: return `${part()} ${pick(random, OPERATORS)} ${part()}`;
    case 4: return `[${part()}]`;
    case 5: return `{"a": ${part()}, (${pick(random, ['"b"', ".a", '"<<"'])}): ${part()}}`;
    default: {
      const [name, { takes: [least, most] }] = pick(random, NAMES);
      const args = Array.from({ length: least + random(most - least + 1) }, part);
      return `${random(2) === 0 ? ". | " : ""}${name}${args.length > 0 ? `(${args.join("; ")})` : ""}`;
    }
  }
}

const SIGNS = ["\t", " ", ".", "..", "[", "]", "(", ")", "{", "}", "|", ",", ":", ";", "=", '"', "\\", "$", "#", "-", "*", "/", "?", "☃", "\ud800", "map", "with(", "0x", "1e"];

function damage(random: Random, text: string): string {
  let result = text;
  for (let n = random(3); n >= 0; n--) {
    const at = random(result.length + 1);
    result = random(2) === 0 ? result.slice(0, at) + pick(random, SIGNS) + result.slice(at) : result.slice(0, at) + result.slice(at + random(6));
  }
  return result;
}

const TEXT = `# head
a: 1  # one
b: {c: "x", d: [1, 2]}
# a list
l:
- y
# second
- z: 1  # behind
- 2
m: &anchor
  # inside
  x: 'quoted'
al: *anchor
me:
  <<: *anchor
  y: |
    text
`;

/** Runs the case; anything but a LimaError is a bug, and is shown with the input that leads to it. Returns whether it went well. */
function survives(input: string, run: () => void): boolean {
  try {
    run();
    return true;
  } catch (error) {
    if (!(error instanceof LimaError)) throw new Error(`input ${JSON.stringify(input)}`, { cause: error });
    return false;
  }
}

test("an edit ends with YAML that can be read, or a LimaError", () => {
  const random = randomFrom(1);
  let [edited, refused] = [0, 0];
  for (let i = 0; i < 3000; i++) {
    const expression = random(2) === 0 ? expressionOf(random, 3) : `${pick(random, PLACES)} ${pick(random, CHANGES)} (${expressionOf(random, 2)})`;
    const good = survives(expression, () => {
      try {
        expect(typeof parseYaml(editYaml(TEXT, "f", [expression]), "f").value).toBe("object");
      } catch (error) {
        if (error instanceof LimaError && error.message.includes("would alter other values through an anchor")) refused++;
        throw error;
      }
    });
    if (good) edited++;
  }
  // Else the generator makes nothing but rubbish.
  expect(edited).toBeGreaterThan(400);
  // The engine's own idea of the result is that of the text, but for what aliases make of it.
  expect(refused).toBeLessThan(5);
});

test("damaged expressions are evaluated or refused", () => {
  const random = randomFrom(2);
  const value = { a: 1, b: { c: "x" }, l: [1, { z: 2 }, "s"], m: { x: null } };
  for (let i = 0; i < 15_000; i++) {
    const expression = damage(random, expressionOf(random, 3));
    survives(expression, () => void query(value, [expression]));
  }
});

test.each([
  ["parentheses", "(".repeat(60_000)],
  ["lists in lists", `${"[".repeat(30_000)}${"]".repeat(30_000)}`],
  ["signs", "-".repeat(60_000) + "1"],
  ["a long sum", `1${"+1".repeat(30_000)}`],
  ["a long pipe", `.${"|.".repeat(30_000)}`],
  ["a long path", ".a".repeat(30_000)],
  ["calls in calls", "map(".repeat(16_000)],
  ["a long text", "1".repeat(100_000)],
  ["doubling a list", Array.from({ length: 60 }, () => ". = [., .]").join(" | ")],
  ["doubling a text", `"xxxxxxxx" | ${Array.from({ length: 60 }, () => ". + .").join(" | ")}`],
  ["nesting", Array.from({ length: 900 }, () => '. = {"a": .}').join(" | ")],
  ["all of all", Array.from({ length: 30 }, () => "..").join(" | ")],
  ["products", `[${Array.from({ length: 40 }, () => "(1, 2)").join(" + ")}]`],
  ["objects", `{${Array.from({ length: 40 }, (_, i) => `"k${i}": (1, 2)`).join(", ")}}`],
  ["a far index", ".l[999999999] = 1"],
  ["joins", `[.l[], .l[], .l[]] | ${Array.from({ length: 30 }, () => 'join("xxxxxxxxxx") | [., ., ., .]').join(" | ")}`],
  ["replacements", `"aaaaaaaaaaaaaaaa" | ${Array.from({ length: 30 }, () => 'sub("a", "aaaaaaaa")').join(" | ")}`],
  ["splits", `"${"a".repeat(10_000)}" | ${Array.from({ length: 30 }, () => 'split("") | join("aa")').join(" | ")}`],
])("%s: done in seconds", (_, expression) => {
  const from = performance.now();
  survives(expression.slice(0, 200), () => void query({ l: ["a", "b"], a: { a: { a: [1, 2, { b: 3 }] } } }, [expression]));
  survives(expression.slice(0, 200), () => void editYaml(TEXT, "f", [expression]));
  expect(performance.now() - from).toBeLessThan(5000);
});

test("an alias bomb within the loader's bounds is no bomb here", () => {
  const text = `a: &a [1, 2, 3, 4, 5, 6, 7]\nb: &b [*a, *a, *a, *a, *a, *a]\nc: &c [*b, *b, *b, *b, *b, *b]\nd: [*c, *c, *c, *c, *c]\n`;
  for (const expression of [".e = .d", ".e = [.d, .d, .d, .d, .d, .d]", "[.. , .., ..] | length", ".e = (.d | flatten)", ".e = [.d | ..]", ".e = (.d | to_json)"]) survives(expression, () => void editYaml(text, "f", [expression]));
});
