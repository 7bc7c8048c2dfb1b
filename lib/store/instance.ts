import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { LimaError } from "../base/errors.ts";
import { type FileLock, isLocked, lock, type LockOptions } from "../host/lock.ts";
import { processAlive } from "../host/process.ts";
import { isDirectory } from "./dirs.ts";
import { FILES } from "./filenames.ts";

/** Nobody may delete or reset a protected instance. */
export function isProtected(dir: string): boolean {
  return existsSync(join(dir, FILES.protected));
}

/** Version of the program that made the instance; "" when it is not written down (made by hand, or very old). */
export function instanceVersion(dir: string): string {
  try {
    return readFileSync(join(dir, FILES.version), "utf8").trim();
  } catch {
    return "";
  }
}

export function instanceNotFound(name: string): LimaError {
  return new LimaError("INSTANCE_NOT_FOUND", `instance "${name}" does not exist`, { hint: `run "lima start ${name}" to create it` });
}

/** True when there is anything of that name, whole or broken. */
export function instanceExists(home: string, name: string): boolean {
  return isDirectory(join(home, name));
}

/**
 * The right to change an instance: one command at a time (create, start, stop of a VM without host agent, delete). It is
 * a lock on the directory itself, so it goes with the directory. The running host agent has a lock of its own.
 * Throws LimaError `INSTANCE_NOT_FOUND` when the instance does not exist (any more, after waiting).
 */
export async function lockInstance(home: string, name: string, options: LockOptions = {}): Promise<FileLock> {
  const dir = join(home, name);
  if (!isDirectory(dir)) throw instanceNotFound(name);
  const held = await lock(dir, options);
  if (isDirectory(dir)) return held;
  // Deleted while we waited: the lock call has then made an ordinary file of that name.
  rmSync(dir, { force: true });
  held.release();
  throw instanceNotFound(name);
}

export interface HostAgentHolder {
  /** Undefined in the moment between taking the lock and writing it down. */
  readonly pid: number | undefined;
}

function writtenPid(path: string): number | undefined {
  try {
    const { pid } = JSON.parse(readFileSync(path, "utf8")) as { pid?: unknown };
    return typeof pid === "number" && processAlive(pid) ? pid : undefined;
  } catch {
    return undefined;
  }
}

/** The host agent that runs this instance now: the holder of its lock, which writes into it who it is. */
export function hostAgentHolder(dir: string): HostAgentHolder | undefined {
  const path = join(dir, FILES.hostAgentLock);
  for (let attempt = 0; isLocked(path); attempt++) {
    const pid = writtenPid(path);
    if (pid !== undefined || attempt === 20) return { pid };
    Bun.sleepSync(5);
  }
  return undefined;
}
