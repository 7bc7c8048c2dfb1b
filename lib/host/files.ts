import { constants } from "node:fs";
import { access, copyFile, link, mkdir, open, rename, rm, statfs } from "node:fs/promises";
import { dirname } from "node:path";
import { codeOf } from "../base/errors.ts";

let counter = 0;

/** A name beside `path` for a file in the making; ends in `.tmp`, so a leftover counts as transient. */
export function temporaryName(path: string): string {
  return `${path}.${process.pid}-${++counter}.tmp`;
}

/** Replaces a file in one step: readers see the old or the new content, a crash leaves one of them. `mode` defaults to 0644. */
export async function writeFileAtomic(path: string, data: string | Uint8Array, mode = 0o644): Promise<void> {
  const temp = temporaryName(path);
  try {
    const file = await open(temp, "wx", mode);
    try {
      await file.writeFile(data);
      await file.chmod(mode);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temp, path);
  } catch (error) {
    await rm(temp, { force: true });
    throw error;
  }
}

export async function exists(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch {
    return false;
  }
}

/** Copies a file to a new name in one step, sharing its blocks where the file system can. */
export async function cloneOrCopy(from: string, to: string): Promise<void> {
  const temp = temporaryName(to);
  try {
    await copyFile(from, temp, constants.COPYFILE_FICLONE);
    await rename(temp, to);
  } catch (error) {
    await rm(temp, { force: true });
    throw error;
  }
}

/** A second name for a file that nobody will write to again: a hard link where possible, else a copy. Replaces `to`. */
export async function linkOrCopy(from: string, to: string): Promise<void> {
  const temp = temporaryName(to);
  try {
    await link(from, temp);
  } catch (error) {
    // EXDEV: another file system; EPERM, EMLINK, ENOTSUP: one without (more) hard links.
    if (!["EXDEV", "EPERM", "EMLINK", "ENOTSUP", "EOPNOTSUPP"].includes(codeOf(error) ?? "")) throw error;
    return cloneOrCopy(from, to);
  }
  await rename(temp, to);
  // rename(2) between two names of one file does nothing and leaves both.
  await rm(temp, { force: true });
}

/** Bytes an ordinary user can still write below `path`, which need not exist yet. */
export async function freeBytes(path: string): Promise<number> {
  for (let at = path; ; at = dirname(at)) {
    try {
      const fs = await statfs(at);
      return fs.bavail * fs.bsize;
    } catch (error) {
      if (codeOf(error) !== "ENOENT" || dirname(at) === at) throw error;
    }
  }
}

/** mkdir -p with a mode for the directories it makes. */
export async function ensureDir(path: string, mode = 0o755): Promise<void> {
  await mkdir(path, { recursive: true, mode });
}
