import { mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { codeOf } from "../base/errors.ts";
import { type FileLock, lock, tryLock } from "../host/lock.ts";
import { processAlive } from "../host/process.ts";

/**
 * Directories that are not (or no longer) an instance: being made, or being deleted. Their names start with a dot, so
 * nothing lists them, and end in the pid of the process at work; it holds a lock on the directory besides.
 */
const UNFINISHED = /^\..+\.tmp-(\d+)$/;

function temporaryDir(home: string, name: string): string {
  return join(home, `.${name}.tmp-${process.pid}`);
}

/** Removes what processes that died left in the middle of making or deleting an instance. */
export function sweepUnfinished(home: string): void {
  let names: readonly string[];
  try {
    names = readdirSync(home);
  } catch (error) {
    if (codeOf(error) === "ENOENT") return;
    throw error;
  }
  for (const name of names) {
    const pid = Number(UNFINISHED.exec(name)?.[1] ?? Number.NaN);
    if (Number.isNaN(pid) || processAlive(pid)) continue;
    const path = join(home, name);
    // The pid may have been another machine's, if the home is shared between hosts; the lock tells.
    using held = tryLock(path);
    if (held) rmSync(path, { recursive: true, force: true });
  }
}

export interface Unfinished {
  readonly path: string;
  readonly lock: FileLock;
}

/** Makes the directory for a new instance under a temporary name, mode 0700, and locks it. The lock survives a rename. */
export async function makeUnfinished(home: string, name: string): Promise<Unfinished> {
  sweepUnfinished(home);
  const path = temporaryDir(home, name);
  mkdirSync(home, { recursive: true, mode: 0o700 });
  mkdirSync(path, { mode: 0o700 });
  try {
    return { path, lock: await lock(path) };
  } catch (error) {
    rmSync(path, { recursive: true, force: true });
    throw error;
  }
}

/** Takes an instance away in one step, then removes its files: nobody ever sees half of it. */
export function removeInstanceDir(home: string, name: string): void {
  const path = temporaryDir(home, name);
  rmSync(path, { recursive: true, force: true });
  renameSync(join(home, name), path);
  rmSync(path, { recursive: true, force: true });
}
