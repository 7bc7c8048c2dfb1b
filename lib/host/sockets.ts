import { createHash } from "node:crypto";
import { chmodSync, lstatSync, mkdirSync, readlinkSync, renameSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LimaError, codeOf } from "../base/errors.ts";

/** 104 bytes is macOS's sun_path, Linux allows 108; the smaller, so that homes can move. The terminating NUL counts. */
const SOCKET_PATH_MAX = 104;

/** `ssh` binds ControlPath with a dot and 16 random characters appended; every socket leaves room for that. */
const SUFFIX_RESERVE = 17;

export function fitsSocketPath(path: string): boolean {
  return Buffer.byteLength(path) + SUFFIX_RESERVE < SOCKET_PATH_MAX;
}

/** A private directory (0700, ours) whose name is short and depends only on `dir`. */
function runtimeDir(dir: string): string {
  const uid = process.getuid?.() ?? 0;
  const base = process.env["XDG_RUNTIME_DIR"] ?? tmpdir();
  const id = createHash("sha256").update(dir).digest("hex").slice(0, 12);
  const path = join(base, `lima-${uid}-${id}`);
  mkdirSync(path, { recursive: true, mode: 0o700 });
  const stat = lstatSync(path);
  // In a shared /tmp somebody else may have made it first: then it is no place for our sockets.
  if (!stat.isDirectory() || (process.getuid !== undefined && stat.uid !== uid)) {
    throw new LimaError("SOCKET_PATH_TOO_LONG", `cannot place sockets of "${dir}": the path is too long and "${path}" belongs to somebody else`, { hint: "set LIMA_HOME to a shorter path" });
  }
  chmodSync(path, 0o700);
  return path;
}

/**
 * The path to bind or connect for the socket `name` of directory `dir`. When `dir/name` would exceed what a socket
 * address holds, that is a path in a short private runtime directory, and `dir/name` is a symlink to it.
 * `dir` must exist. Throws LimaError `SOCKET_PATH_TOO_LONG` when even the runtime directory is too long.
 */
export function socketPath(dir: string, name: string): string {
  const direct = join(dir, name);
  if (fitsSocketPath(direct)) return direct;
  const short = join(runtimeDir(dir), name);
  if (!fitsSocketPath(short)) {
    throw new LimaError("SOCKET_PATH_TOO_LONG", `cannot place socket "${direct}": the path is longer than ${SOCKET_PATH_MAX - SUFFIX_RESERVE - 1} bytes, and so is "${short}"`, { hint: "set LIMA_HOME to a shorter path" });
  }
  try {
    if (readlinkSync(direct) === short) return short;
  } catch (error) {
    if (codeOf(error) !== "ENOENT" && codeOf(error) !== "EINVAL") throw error;
  }
  const temp = `${direct}.${process.pid}.tmp`;
  rmSync(temp, { force: true });
  symlinkSync(short, temp);
  renameSync(temp, direct);
  return short;
}

/** Removes what {@link socketPath} may have put outside of `dir`; for delete. */
export function removeRuntimeDir(dir: string): void {
  if (fitsSocketPath(join(dir, "x"))) return;
  try {
    rmSync(runtimeDir(dir), { recursive: true, force: true });
  } catch {
    // Not ours, then there is nothing of ours in it.
  }
}
