import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { LimaError } from "../base/errors.ts";
import { assertInstanceName } from "../config/identifier.ts";
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

export function instanceExistsError(name: string): LimaError {
  return new LimaError("INSTANCE_EXISTS", `instance "${name}" already exists`, { hint: `run "lima start ${name}" to use it, or choose another name with --name` });
}

/** True when there is anything of that name, whole or broken. Throws LimaError `INVALID_NAME`. */
export function instanceExists(home: string, name: string): boolean {
  // Also what keeps "../x" from naming a directory elsewhere.
  assertInstanceName(name);
  return isDirectory(join(home, name));
}

/** Directory of an existing instance. Throws LimaError `INVALID_NAME` or `INSTANCE_NOT_FOUND`. */
export function existingDir(home: string, name: string): string {
  if (!instanceExists(home, name)) throw instanceNotFound(name);
  return join(home, name);
}

/**
 * The right to change an instance: one command at a time (create, start, stop of a VM without host agent, delete). It is
 * a lock on the directory itself, so it goes with the directory. The running host agent has a lock of its own.
 * Throws LimaError `INSTANCE_NOT_FOUND` when the instance does not exist (any more, after waiting), and the signal's reason.
 */
export async function lockInstance(home: string, name: string, options: LockOptions = {}): Promise<FileLock> {
  const dir = existingDir(home, name);
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

function writtenPid(dir: string): number | undefined {
  try {
    const { pid } = JSON.parse(readFileSync(join(dir, FILES.hostAgentLock), "utf8")) as { pid?: unknown };
    return typeof pid === "number" && processAlive(pid) ? pid : undefined;
  } catch {
    return undefined;
  }
}

/** The host agent that runs this instance now: the holder of its lock, which writes into it who it is. */
export function hostAgentHolder(dir: string): HostAgentHolder | undefined {
  for (let attempt = 0; isLocked(join(dir, FILES.hostAgentLock)); attempt++) {
    const pid = writtenPid(dir);
    if (pid !== undefined || attempt === 20) return { pid };
    Bun.sleepSync(5);
  }
  return undefined;
}
