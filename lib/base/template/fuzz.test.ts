import { expect, test } from "bun:test";
import { quote } from "./escape.ts";
import { renderTemplate } from "./render.ts";

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
const pick = (random: Random, items: readonly string[]): string => items[random(items.length)] ?? "";

const DATA = { Name: "web", N: 3, F: 1.5, T: true, L: ["a", "b"], M: { k: "v", n: { x: 1 } }, E: "", Z: null, U: undefined };
const VALUES = [".", "$", ".Name", ".N", ".F", ".T", ".L", ".M", ".M.k", ".M.n.x", ".E", ".Z", ".U.a", ".Nope", "$x", "$y", "1", "-2", "0.5", "'a'", '"s"', "`r`", "true", "nil", "1000000", "999999999999"];
const FUNCTIONS = ["and", "or", "not", "eq", "ne", "lt", "le", "gt", "ge", "len", "index", "slice", "print", "printf", "println", "html", "js", "urlquery", "nope"];
const FORMATS = ['"%d"', '"%5.2f|%-10s"', '"%q %v"', '"%x"', '"%%"', '"%"', '"%08.3f"', '"%c"', '"%+d"', '"%t"', '"%500s"'];

function value(random: Random, depth: number): string {
  return depth > 0 && random(4) === 0 ? `(${pipe(random, depth - 1)})${random(3) === 0 ? ".k" : ""}` : pick(random, VALUES);
}

function command(random: Random, depth: number): string {
  if (random(2) === 0) return value(random, depth);
  const name = pick(random, FUNCTIONS);
  const args = Array.from({ length: random(4) }, () => value(random, depth));
  return [name, ...(name === "printf" ? [pick(random, FORMATS)] : []), ...args].join(" ");
}

function pipe(random: Random, depth: number): string {
  return Array.from({ length: 1 + Math.floor(random(5) / 3) }, () => command(random, depth)).join(" | ");
}

function body(random: Random, depth: number): string {
  return Array.from({ length: 1 + random(4) }, () => {
    const [left, right] = [pick(random, ["{{", "{{", "{{- "]), pick(random, ["}}", "}}", " -}}"])];
    if (depth === 0 || random(3) > 0) return pick(random, ["text ", "\n", `${left}${pipe(random, 2)}${right}`, `${left}$x := ${pipe(random, 1)}${right}`, `${left}$x = ${pipe(random, 1)}${right}`, "{{/* c */}}", "{{break}}"]);
    const kind = pick(random, ["if ", "with ", "with $y := ", "range ", "range $i, $y := ", "range 3"]);
    return `${left}${kind}${kind === "range 3" ? "" : pipe(random, 1)}${right}${body(random, depth - 1)}${random(2) === 0 ? `{{else}}${body(random, depth - 1)}` : ""}{{end}}`;
  }).join("");
}

function damage(random: Random, text: string): string {
  const at = random(text.length + 1);
  const sign = pick(random, ["{{", "}}", "{", "(", ")", "|", '"', "`", "'", ".", "$", ":=", "=", ",", "-", " ", "{{end}}", "{{else}}", "\ud800", "\0", "\u00e9"]);
  return random(2) === 0 ? text.slice(0, at) + sign + text.slice(at) : text.slice(0, at) + text.slice(at + random(6));
}

test("any template gives a text, or a reason and a place that exists", () => {
  const random = randomFrom(11);
  let [filled, syntax, running] = [0, 0, 0];
  for (let i = 0; i < 20_000; i++) {
    const whole = `{{$x := 1}}{{$y := .M}}${body(random, 3)}`;
    const source = random(3) === 0 ? damage(random, whole) : whole;
    const result = renderTemplate(source, DATA, { missing: ({ name }) => `no ${name}` });
    if ("text" in result) filled++;
    else {
      const line = source.split("\n")[result.line - 1];
      expect(line, source).toBeDefined();
      expect(result.column, source).toBeLessThanOrEqual((line ?? "").length + 1);
      expect(result.reason, source).not.toBe("");
      if (result.syntax) syntax++;
      else running++;
    }
  }
  // Else the generator makes nothing but rubbish.
  expect(Math.min(filled, syntax, running)).toBeGreaterThan(1000);
}, 30_000);

test("a quoted text reads as itself", () => {
  const random = randomFrom(12);
  for (let i = 0; i < 5000; i++) {
    const text = Array.from({ length: random(12) }, () => String.fromCodePoint(random(3) === 0 ? random(0xd800) : random(300) + random(2) * 0x1f400)).join("");
    const result = renderTemplate(`{{${quote(text)}}}|{{printf "%q" .}}`, text, { missing: () => "" });
    expect(result).toEqual({ text: `${text}|${quote(text)}` });
  }
});

test("random signs", () => {
  const random = randomFrom(13);
  for (let i = 0; i < 20_000; i++) {
    const source = Array.from({ length: random(24) }, () => pick(random, ["{{", "}}", "{{- ", " -}}", ".Name", "$x", "if ", "else", "end", "range ", "with ", "define ", "template ", '"t"', "(", ")", "|", ":=", "=", ",", " ", "\n", "1", "-", "/*", "*/", "`", "'"])).join("");
    const result = renderTemplate(source, DATA, { missing: ({ name }) => `no ${name}` });
    if ("text" in result && !source.includes("{{")) expect(result.text).toBe(source);
  }
});
