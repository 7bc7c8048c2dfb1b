import { createHash } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Context } from "../../lib/base/context.ts";
import { codeOf } from "../../lib/base/errors.ts";
import { ensureDir, writeFileAtomic } from "../../lib/host/files.ts";

/**
 * Remembers a fact about a program for as long as its file stays the same (path, modification time and size).
 * One small JSON file each, in CACHE/qemu; a damaged or foreign one counts as absent.
 */
export class ProgramCache {
  readonly #dir: string;

  constructor(ctx: Pick<Context, "cacheDir">) {
    this.#dir = join(ctx.cacheDir, "qemu");
  }

  async #file(kind: string, program: string): Promise<string> {
    const { mtimeMs, size } = await stat(program);
    const key = createHash("sha256").update(`${program}\0${mtimeMs}\0${size}`).digest("hex").slice(0, 16);
    return join(this.#dir, `${kind}-${key}.json`);
  }

  /** `check` turns the parsed JSON into the fact, or says undefined to what it does not know. */
  async get<T>(kind: string, program: string, check: (value: Readonly<Record<string, unknown>>) => T | undefined): Promise<T | undefined> {
    try {
      const value: unknown = JSON.parse(await readFile(await this.#file(kind, program), "utf8"));
      return typeof value === "object" && value !== null ? check(value as Record<string, unknown>) : undefined;
    } catch (error) {
      if (error instanceof SyntaxError || codeOf(error) !== undefined) return undefined;
      throw error;
    }
  }

  /** A cache that cannot be written only costs time. */
  async put(kind: string, program: string, fact: object): Promise<void> {
    try {
      await ensureDir(this.#dir);
      await writeFileAtomic(await this.#file(kind, program), JSON.stringify(fact));
    } catch (error) {
      if (codeOf(error) === undefined) throw error;
    }
  }
}
