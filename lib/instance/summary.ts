import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Context } from "../base/context.ts";
import { LimaError, messageOf } from "../base/errors.ts";
import { ensureDir, writeFileAtomic } from "../host/files.ts";
import { hostArch, hostCpus, hostMemory } from "../host/machine.ts";
import { CONFIG_DIR, CONFIG_FILES, FILES } from "../store/filenames.ts";
import { instanceVersion } from "../store/instance.ts";

/** What a table of instances shows of a configuration. */
export interface Summary {
  readonly vmType: string;
  readonly arch: string;
  readonly cpus: number;
  /** Bytes. */
  readonly memory: number;
  /** Bytes. */
  readonly disk: number;
  /** As configured; 0: chosen at each start. */
  readonly sshLocalPort: number;
  /** The configuration is bad, this is why; the other fields are empty then. */
  readonly error?: string;
}

const MOST_KEPT = 1000;

const NOTHING: Summary = { vmType: "", arch: "", cpus: 0, memory: 0, disk: 0, sshLocalPort: 0 };

function readOr(path: string, otherwise: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return otherwise;
  }
}

function hash(...parts: readonly string[]): string {
  return Bun.hash(parts.join("\0")).toString(36);
}

function isSummary(value: unknown): value is Summary {
  if (typeof value !== "object" || value === null) return false;
  const s = value as Record<string, unknown>;
  return typeof s["vmType"] === "string" && typeof s["arch"] === "string" && ["cpus", "memory", "disk", "sshLocalPort"].every((k) => typeof s[k] === "number") && ["string", "undefined"].includes(typeof s["error"]);
}

/**
 * Summaries of configurations, remembered by the text they come from: reading and checking 100 files of YAML takes a
 * quarter of a second, finding them unchanged a few milliseconds. Everything that a summary depends on is in its key.
 */
export class Summaries {
  readonly #ctx: Context;
  readonly #file: string;
  readonly #common: string;
  readonly #kept: Readonly<Record<string, unknown>>;
  readonly #used: Record<string, Summary> = {};
  #changed = false;

  constructor(ctx: Context) {
    this.#ctx = ctx;
    const config = (name: string): string => readOr(join(ctx.home, CONFIG_DIR, name), "");
    this.#common = hash(ctx.version, hostArch(), String(hostCpus()), String(hostMemory()), config(CONFIG_FILES.default), config(CONFIG_FILES.override));
    this.#file = join(ctx.cacheDir, `list-${hash(ctx.home)}.json`);
    let kept: unknown;
    try {
      kept = JSON.parse(readOr(this.#file, "{}"));
    } catch {
      // Damaged: it is only a cache.
    }
    this.#kept = typeof kept === "object" && kept !== null ? (kept as Record<string, unknown>) : {};
  }

  /** The summary of an instance's configuration; undefined when it has none. */
  async get(name: string, dir: string): Promise<Summary | undefined> {
    const path = join(dir, FILES.config);
    if (!existsSync(path)) return undefined;
    // An unreadable file differs from every text, and is tried each time.
    const key = hash(this.#common, name, instanceVersion(dir), readOr(path, String(performance.now())));
    const kept = this.#kept[key];
    this.#changed ||= !isSummary(kept);
    return (this.#used[key] = isSummary(kept) ? kept : await this.#read(name));
  }

  async #read(name: string): Promise<Summary> {
    const { readInstanceConfig } = await import("../config/read.ts");
    try {
      const { config } = await readInstanceConfig(this.#ctx, name);
      const { vmType, arch, cpus, memory, disk, ssh } = config;
      return { vmType, arch, cpus, memory, disk, sshLocalPort: ssh.localPort };
    } catch (error) {
      if (!(error instanceof LimaError)) throw error;
      return { ...NOTHING, error: error.message };
    }
  }

  /** Writes down what is new. A cache that cannot be written only costs time. */
  async save(): Promise<void> {
    if (!this.#changed) return;
    // Those of other names are kept, until there are so many that most must be of texts long gone.
    const kept = Object.keys(this.#kept).length > MOST_KEPT ? {} : this.#kept;
    try {
      await ensureDir(this.#ctx.cacheDir, 0o700);
      await writeFileAtomic(this.#file, JSON.stringify({ ...kept, ...this.#used }), 0o600);
    } catch (error) {
      this.#ctx.log.debug(`cannot write "${this.#file}": ${messageOf(error)}`);
    }
  }
}
