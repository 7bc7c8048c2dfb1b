import { expect, test } from "bun:test";
import { LimaError } from "../base/errors.ts";
import { applyEdits } from "./edit.ts";
import { expandText } from "./expand.ts";
import { loadConfig } from "./load.ts";
import { parseYaml } from "./parse-yaml.ts";
import { formatSize, parseSize } from "./size.ts";

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

const KEYS = [
  "images", "location", "arch", "digest", "kernel", "cpus", "memory", "disk", "user", "name", "uid", "home", "ssh", "localPort", "provision", "mode", "script", "content", "path", "permissions", "probes",
  "env", "param", "dns", "caCerts", "certs", "vmOpts", "qemu", "cpuType", "mounts", "base", "video", "display", "plain", "os", "vmType", "containerd", "__proto__", "constructor", "<<", "unknown", "networks",
];
const VALUES = [
  "1", "-1", "0", "4GiB", "99999999999999999999", "1e400", ".inf", ".nan", "true", "yes", "null", "~", '""', "x86_64", "sha256:00", "data", "|\n    {{.Name}}\n", '"{{.Nme}}"', '"{{"', "[]", "{}", "[1, [2, {a: b}]]", "&a [x]", "*a", "!!binary %%%",
  "!!int x", "!!float y", "'\\0'", '"\\0"', '"\\uD800"', "0644", "0b11", "0x", "2001-01-01", "#c", "- x", "? y", "/abs", "~/x", "~eve", "debian:trixie", "../..", "☃", "%", "@", "`",
];

function yamlOf(random: Random, depth: number, indent: string): string {
  const lines: string[] = [];
  for (let n = random(5); n >= 0; n--) {
    const key = pick(random, KEYS);
    const kind = random(6);
    if (depth > 0 && kind === 0) lines.push(`${indent}${key}:\n${yamlOf(random, depth - 1, `${indent}  `)}`);
    else if (depth > 0 && kind === 1) lines.push(`${indent}${key}:\n${indent}- ${yamlOf(random, depth - 1, `${indent}  `).trimStart()}`);
    else lines.push(`${indent}${key}: ${pick(random, VALUES)}`);
  }
  return `${lines.join("\n")}\n`;
}

/** Random cuts, copies and insertions of what YAML takes as signs. */
function damage(random: Random, text: string): string {
  let result = text;
  for (let n = random(4); n > 0; n--) {
    const at = random(result.length + 1);
    const sign = pick(random, ["\t", "\n", ":", "- ", "[", "]", "{", "}", "&a ", "*a", "!", "|", ">", "'", '"', "#", "%", "---\n", "...\n", "\u0000", "\ud800", ",", "? ", "<<: *a\n", "\r"]);
    result = random(2) === 0 ? result.slice(0, at) + sign + result.slice(at) : result.slice(0, at) + result.slice(at + random(8));
  }
  return result;
}

/** Runs the case; anything but a LimaError is a bug, and is shown with the input that leads to it. */
function survives(input: string, run: () => void): void {
  try {
    run();
  } catch (error) {
    if (!(error instanceof LimaError)) throw new Error(`input ${JSON.stringify(input)}`, { cause: error });
  }
}

const host = {
  platform: "linux", arch: "x86_64", cpus: 4, memory: 8 * 1024 ** 3, timezone: "UTC", cwd: "/", user: { name: "jan", uid: 1000, gid: 1000, home: "/home/jan", fullName: "" },
} as const;

test("the loader ends with a configuration or a LimaError, whatever it reads", () => {
  const random = randomFrom(1);
  let loaded = 0;
  for (let i = 0; i < 1200; i++) {
    const [text, D, O] = [0, 1, 2].map((n) => damage(random, (n === 0 && random(2) === 0 ? "images: [{location: /x}]\n" : "") + yamlOf(random, 3, ""))) as [string, string, string];
    const layers = random(3) === 0 ? { defaults: { text: D, source: "d" }, overrides: { text: O, source: "o" } } : {};
    survives(text, () => {
      loadConfig({ text, source: "f", name: "default", dir: "/d", host, version: "0.1.0", ...layers });
      loaded++;
    });
  }
  // Else the generator makes nothing but rubbish, and tests only the parser.
  expect(loaded).toBeGreaterThan(20);
});

test("an edited text means what it meant, plus the edit", () => {
  const random = randomFrom(2);
  let edited = 0;
  for (let i = 0; i < 600; i++) {
    const text = random(3) === 0 ? damage(random, yamlOf(random, 3, "")) : yamlOf(random, 3, "");
    survives(text, () => {
      const cpus = random(64);
      const after = parseYaml(applyEdits(text, { cpus, shell: "/bin/sh" }, "f"), "f").value as { cpus: number };
      expect(after.cpus).toBe(cpus);
      edited++;
    });
  }
  expect(edited).toBeGreaterThan(100);
});

test("random text through the YAML parser", () => {
  const random = randomFrom(3);
  for (let i = 0; i < 3000; i++) {
    const text = Array.from({ length: random(60) }, () => pick(random, ["\n  ", "- ", ": ", ..."ab:-[]{}&*!|>'\"#%@`,?<.~ \n\n\t0".split("")])).join("");
    survives(text, () => void parseYaml(text, "f"));
  }
});

test("sizes are whole bytes or a reason", () => {
  const random = randomFrom(4);
  for (let i = 0; i < 20_000; i++) {
    const text = Array.from({ length: random(12) }, () => pick(random, ["GiB", "KB", "٣", "\n", ..."0123456789.. -+ekmgtpib".split("")])).join("");
    const result = parseSize(text);
    if ("reason" in result) continue;
    expect(Number.isSafeInteger(result.bytes) && result.bytes >= 0).toBe(true);
    expect(formatSize(result.bytes)).toMatch(/^[0-9.]+[KMGTP]?i?B$/);
  }
});

test("the expander gives a text or a reason with a line that exists", () => {
  const random = randomFrom(5);
  for (let i = 0; i < 20_000; i++) {
    const text = Array.from({ length: random(20) }, () => pick(random, ["{{", "}}", "{", "}", ".Name", ".Param.X", ".", "-", " ", "\n", '"', "`", "/*", "*/", "a", "|", "if ", "{{end}}", "else", "\\"])).join("");
    const result = expandText(text, { Name: "n", Param: { X: "x" } });
    if ("reason" in result) expect(result.line).toBeLessThan(text.split("\n").length);
    else if (!text.includes("{{")) expect(result.text).toBe(text);
  }
});

test.each([
  ["a list of bad entries", `images: [${"{digest: x}, ".repeat(60_000)}]`],
  ["unknown fields", Array.from({ length: 60_000 }, (_, i) => `field${i}: 1\n`).join("")],
  ["many certificates", `images: [{location: /x}]\ncaCerts: {certs: [${Array.from({ length: 100_000 }, (_, i) => `c${i},`).join("")}]}`],
  ["variables", `images: [{location: /x}]\nprovision: [{script: "${"{{.Name}}".repeat(200_000)}"}]`],
  ["open braces", `images: [{location: /x}]\nprovision: [{script: "${"{{ ".repeat(500_000)}"}]`],
  ["spaces in a variable", `images: [{location: /x}]\nprovision: [{script: "{{.Name${" ".repeat(1_000_000)}x"}]`],
  ["nested blocks", `images: [{location: /x}]\nprovision: [{script: "${"{{if .Name}}".repeat(200_000)}"}]`],
  ["nested parentheses", `images: [{location: /x}]\nprovision: [{script: "{{${"(".repeat(1_000_000)}"}]`],
  ["loops in loops", `images: [{location: /x}]\nprovision: [{script: "${"{{range 100000}}".repeat(10)}{{$}}${"{{end}}".repeat(10)}"}]`],
  ["a text that doubles", `images: [{location: /x}]\nprovision: [{script: "{{$x := .Name}}{{range 1000}}{{$x = print $x $x}}{{end}}"}]`],
  ["a long name", `images: [{location: /x}]\nuser: {name: "${"a".repeat(1_000_000)}!"}`],
])("%s: done in seconds", (_, text) => {
  const from = performance.now();
  survives("(large)", () => void loadConfig({ text, source: "f", name: "default", dir: "/d", host, version: "0.1.0" }));
  expect(performance.now() - from).toBeLessThan(5000);
});
