import { readFileSync, statSync } from "node:fs";
import { exec } from "../base/exec.ts";
import { which } from "../host/which.ts";
import { writeFileAtomic, ensureDir } from "../host/files.ts";
import { join } from "node:path";

/** What the `ssh` of this host can do. */
export interface OpenSsh {
  readonly path: string;
  /** `[major, minor]` of OpenSSH, or undefined when it is something else. */
  readonly version: readonly [number, number] | undefined;
  readonly gssapi: boolean;
  readonly aes: boolean;
}

/** The words of `$SSH`, or `ssh`. Quotes as in a shell; nothing is expanded. */
export function sshCommand(env: Readonly<Record<string, string | undefined>>): readonly string[] {
  const text = env["SSH"]?.trim();
  if (text === undefined || text === "") return ["ssh"];
  const words = [...text.matchAll(/(?:[^\s"']+|"(?:[^"\\]|\\.)*"|'[^']*')+/g)].map((m) =>
    m[0].replaceAll(/"((?:[^"\\]|\\.)*)"|'([^']*)'/g, (_all, double: string | undefined, single: string | undefined) => double?.replaceAll(/\\(.)/g, "$1") ?? single ?? ""),
  );
  return words.length > 0 ? words : ["ssh"];
}

/** True when the CPU has AES instructions, so that AES is the faster cipher. Unknown counts as no, Apple silicon as yes. */
function hasAes(): boolean {
  if (process.platform === "darwin") return process.arch === "arm64";
  try {
    return /^(?:flags|Features)\s*:.*\baes\b/m.test(readFileSync("/proc/cpuinfo", "utf8"));
  } catch {
    return false;
  }
}

/**
 * Finds the host's OpenSSH and what it can do; undefined when there is none. The two runs of ssh cost 10 ms, so the
 * answer is kept in the cache directory for as long as the file is the same.
 */
export async function findOpenSsh(env: Readonly<Record<string, string | undefined>>, cacheDir: string): Promise<OpenSsh | undefined> {
  const path = which(sshCommand(env)[0] ?? "ssh", env);
  if (path === undefined) return undefined;
  const stat = statSync(path);
  const key = `${path}:${stat.size}:${stat.mtimeMs}`;
  const file = join(cacheDir, "openssh.json");
  try {
    const kept = JSON.parse(readFileSync(file, "utf8")) as { key?: string; found?: OpenSsh };
    if (kept.key === key && kept.found !== undefined) return kept.found;
  } catch {
    // Missing or damaged: ask again.
  }
  const [version, gssapi] = await Promise.all([exec([path, "-V"], { timeoutMs: 5000 }), exec([path, "-o", "GSSAPIAuthentication=no", "-V"], { timeoutMs: 5000 })]);
  const match = /OpenSSH_(?:for_Windows_)?(\d+)\.(\d+)/.exec(version.stderr + version.stdout);
  const found: OpenSsh = {
    path,
    version: match ? [Number(match[1]), Number(match[2])] : undefined,
    gssapi: !/unsupported option/i.test(gssapi.stderr),
    aes: hasAes(),
  };
  await ensureDir(cacheDir, 0o700);
  await writeFileAtomic(file, JSON.stringify({ key, found }));
  return found;
}
