import type { Context } from "../../lib/base/context.ts";
import { exec } from "../../lib/base/exec.ts";
import { ProgramCache } from "./cache.ts";
import { parseQemuVersion, parseVersion, versionText, type Version } from "./version.ts";

/** What one QEMU program is, as far as it says so itself. */
export interface QemuBuild {
  /** Undefined when `--version` says nothing we can read. */
  readonly version: Version | undefined;
  /** Accelerators compiled in: `tcg`, `kvm`, `hvf`, ... */
  readonly accelerators: readonly string[];
}

/** Reads the list that `-accel help` prints under its heading. */
export function parseAccelerators(text: string): string[] {
  return text.split("\n").map((line) => line.trim()).filter((line) => /^[a-z0-9]+$/.test(line));
}

function checkBuild(value: Readonly<Record<string, unknown>>): QemuBuild | undefined {
  const { version, accelerators } = value;
  if (!Array.isArray(accelerators) || !accelerators.every((a) => typeof a === "string")) return undefined;
  return { version: typeof version === "string" ? parseVersion(version) : undefined, accelerators };
}

const PROBE_LIMIT_MS = 10_000;

async function output(ctx: Context, argv: readonly string[]): Promise<string> {
  const { stdout, stderr } = await exec(argv, { timeoutMs: PROBE_LIMIT_MS, signal: ctx.signal });
  return stdout.trim() === "" ? stderr : stdout;
}

/** Asks a QEMU what it is; remembered until its file changes. Two runs of about 50 ms when it is not. */
export async function probeBuild(ctx: Context, program: string): Promise<QemuBuild> {
  const cache = new ProgramCache(ctx);
  const known = await cache.get("build", program, checkBuild);
  if (known !== undefined) return known;
  const [versionOutput, accelOutput] = await Promise.all([output(ctx, [program, "--version"]), output(ctx, [program, "-M", "none", "-accel", "help"])]);
  const build: QemuBuild = { version: parseQemuVersion(versionOutput), accelerators: parseAccelerators(accelOutput) };
  // An answer without a version may be a passing trouble (a library being upgraded): ask again next time.
  if (build.version !== undefined) await cache.put("build", program, { version: versionText(build.version), accelerators: build.accelerators });
  return build;
}
