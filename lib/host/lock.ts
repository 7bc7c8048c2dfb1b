import { closeSync, constants, ftruncateSync, openSync, statSync, writeSync } from "node:fs";
import { codeOf } from "../base/errors.ts";
import { libc } from "./libc.ts";

const LOCK_SH = 1;
const LOCK_EX = 2;
const LOCK_NB = 4;
const LOCK_UN = 8;
const EWOULDBLOCK = process.platform === "darwin" ? 35 : 11;

/**
 * An exclusive flock(2). The kernel gives it up when the process ends, however it ends: a lock that is held names a
 * living holder, a lock that is free was left by nobody. That is what instance status is built on.
 */
export class FileLock {
  readonly path: string;
  #fd: number | undefined;

  constructor(path: string, fd: number) {
    this.path = path;
    this.#fd = fd;
  }

  /** Replaces the content of the lock file (not for a directory): who holds it, for others to read. */
  write(text: string): void {
    if (this.#fd === undefined) throw new Error(`lock ${this.path} is released`);
    ftruncateSync(this.#fd, 0);
    writeSync(this.#fd, text, 0);
  }

  release(): void {
    if (this.#fd === undefined) return;
    libc().flock(this.#fd, LOCK_UN);
    closeSync(this.#fd);
    this.#fd = undefined;
  }

  [Symbol.dispose](): void {
    this.release();
  }
}

/** Opens a file (made when missing, mode 0600) or an existing directory. Bun opens with O_CLOEXEC, so no child inherits the lock. */
function openLockable(path: string): number {
  try {
    return openSync(path, constants.O_RDWR | constants.O_CREAT, 0o600);
  } catch (error) {
    if (codeOf(error) !== "EISDIR") throw error;
    return openSync(path, constants.O_RDONLY | constants.O_DIRECTORY);
  }
}

function samePath(fd: number, path: string): boolean {
  try {
    const held = statSync(`/dev/fd/${fd}`);
    const there = statSync(path);
    return held.ino === there.ino && held.dev === there.dev;
  } catch {
    return false;
  }
}

/** Takes the lock if it is free; undefined when another process (or another lock object here) holds it. Throws system errors. */
export function tryLock(path: string): FileLock | undefined {
  for (;;) {
    const fd = openLockable(path);
    if (libc().flock(fd, LOCK_EX | LOCK_NB) !== 0) {
      const errno = libc().errno();
      closeSync(fd);
      if (errno === EWOULDBLOCK) return undefined;
      throw Object.assign(new Error(`cannot lock ${path}: errno ${errno}`), { errno });
    }
    // The path may have been replaced between open and flock: then this lock guards a file nobody else will find.
    if (samePath(fd, path)) return new FileLock(path, fd);
    closeSync(fd);
  }
}

/** True when some process holds the lock now. A path that does not exist is not locked. */
export function isLocked(path: string): boolean {
  let fd: number;
  try {
    fd = openSync(path, constants.O_RDONLY);
  } catch {
    return false;
  }
  try {
    // Shared: two who only look do not see each other. A taker may still meet a looker, hence {@link lock}, which retries.
    const free = libc().flock(fd, LOCK_SH | LOCK_NB) === 0;
    if (free) libc().flock(fd, LOCK_UN);
    return !free;
  } finally {
    closeSync(fd);
  }
}

export interface LockOptions {
  readonly signal?: AbortSignal;
  /** Called once when the lock is not free at first, to say what is waited for. */
  readonly onWait?: () => void;
}

/** Waits for the lock. Throws the signal's reason when aborted. */
export async function lock(path: string, options: LockOptions = {}): Promise<FileLock> {
  const first = tryLock(path);
  if (first) return first;
  options.onWait?.();
  for (;;) {
    options.signal?.throwIfAborted();
    // flock in blocking form would stop the event loop and with it Ctrl-C; there is no event for "unlocked".
    await Bun.sleep(50);
    const next = tryLock(path);
    if (next) return next;
  }
}
