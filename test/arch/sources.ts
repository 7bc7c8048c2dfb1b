import { dirname, join, relative } from "node:path";

export const ROOT = join(import.meta.dir, "..", "..");

export interface Source {
  /** Relative to the root. */
  readonly path: string;
  readonly text: string;
}

/** All TypeScript of the repository. */
export async function sources(): Promise<Source[]> {
  const found: string[] = [];
  for (const pattern of ["{cmd,lib,drivers,guest,templates,test}/**/*.ts", ".ci/*.ts"]) {
    for await (const path of new Bun.Glob(pattern).scan({ cwd: ROOT, dot: true })) found.push(path);
  }
  return Promise.all(found.sort().map(async (path) => ({ path, text: await Bun.file(join(ROOT, path)).text() })));
}

// Not Bun's own scanner: it leaves out imports of types, and they count. Only what begins a line is a statement.
const STATEMENT = /^[ \t]*(?:import|export)\b(?:[^"';=(]*?\bfrom)?\s*["']([^"']+)["']/gm;
const CALL = /\b(?:import|require)\s*\(\s*["'`]([^"'`]+)["'`]/g;

/** What a module imports, as written there: static, dynamic, re-exported, types only. */
export function specifiers(text: string): string[] {
  return [...text.matchAll(STATEMENT), ...text.matchAll(CALL)].map(([, name]) => name ?? "");
}

/** The file that a relative specifier means, relative to the root; undefined for a package or a built-in module. */
export function target(from: string, specifier: string): string | undefined {
  return specifier.startsWith(".") ? relative(ROOT, join(ROOT, dirname(from), specifier)).replaceAll("\\", "/") : undefined;
}
