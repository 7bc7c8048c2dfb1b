import { expect, test } from "bun:test";
import { sources, target } from "./sources.ts";

const all = new Map((await sources()).map(({ path, text }) => [path, text]));

// Imports of types are gone when the program runs, and import() happens when it is reached.
const LOADED = /^[ \t]*(?:import(?!\s+type\b)|export(?=\s*[{*]))\b[^"';=(]*?(?:\bfrom)?\s*["']([^"']+)["']/gm;

/** The files that are loaded at once with this one. */
function loadedWith(path: string, found = new Set<string>()): Set<string> {
  if (found.has(path)) return found;
  found.add(path);
  for (const [, name = ""] of (all.get(path) ?? "").matchAll(LOADED)) {
    const to = target(path, name);
    if (to !== undefined) loadedWith(to, found);
  }
  return found;
}

test.each([
  ["cmd/list.ts", ["lib/base/template/", "lib/config/yaml.ts", "lib/config/load.ts", "lib/instance/inspect.ts"]],
])("%s loads nothing that the table of instances does without", (path, heavy) => {
  const loaded = [...loadedWith(path)];
  expect(loaded).toContain("lib/instance/list.ts");
  expect(loaded.filter((file) => heavy.some((start) => file.startsWith(start)))).toEqual([]);
});

test("loadedWith() follows imports", () => expect([...loadedWith("cmd/list-format.ts")]).toContain("lib/base/template/tokens.ts"));
