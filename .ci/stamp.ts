import { mkdir, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";

/** The root of the repository; every path below is relative to it. */
export const ROOT = join(import.meta.dir, "..");

const STAMPS = join(ROOT, "dist", ".stamps");

/** Hash over the names and contents of all files that the patterns match, and over `extra`; tests are no input. */
export async function hashInputs(patterns: readonly string[], extra: readonly string[] = []): Promise<string> {
  const names = new Set<string>();
  for (const pattern of patterns) {
    const found = await Array.fromAsync(new Bun.Glob(pattern).scan({ cwd: ROOT, dot: true }));
    // Bun's patterns match nothing, silently, where braces hold a slash.
    if (found.length === 0) throw new Error(`no file matches "${pattern}"`);
    for (const name of found) if (!name.endsWith(".test.ts")) names.add(name);
  }
  const hash = new Bun.CryptoHasher("sha256");
  for (const name of [...names].sort()) {
    hash.update(`${name}\0`);
    hash.update(await Bun.file(join(ROOT, name)).bytes());
  }
  hash.update(JSON.stringify([Bun.version, ...extra]));
  return hash.digest("hex");
}

interface Stamp {
  readonly inputs: string;
  /** Length in bytes of each output, by name. */
  readonly outputs: Readonly<Record<string, number>>;
}

async function sizes(outputs: readonly string[]): Promise<Record<string, number>> {
  return Object.fromEntries(await Promise.all(outputs.map(async (name) => [name, (await stat(join(ROOT, name))).size] as const)));
}

/** Runs `make` unless its outputs are there and were made from the same inputs; true when it ran. */
export async function unlessFresh(step: string, inputs: string, outputs: readonly string[], make: () => Promise<void>): Promise<boolean> {
  const path = join(STAMPS, `${step}.json`);
  try {
    const stamp = (await Bun.file(path).json()) as Stamp;
    if (stamp.inputs === inputs && Bun.deepEquals(stamp.outputs, await sizes(outputs))) return false;
  } catch {
    // No stamp or no output: make it.
  }
  await rm(path, { force: true });
  await Promise.all(outputs.map((name) => mkdir(dirname(join(ROOT, name)), { recursive: true })));
  await make();
  await Bun.write(path, JSON.stringify({ inputs, outputs: await sizes(outputs) } satisfies Stamp));
  return true;
}
