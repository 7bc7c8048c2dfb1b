import { codeOf, LimaError } from "../base/errors.ts";
import { formatSize } from "../config/size.ts";
import { freeBytes } from "../host/files.ts";

/** Throws LimaError `NO_DISK_SPACE` when fewer than `need` bytes are free in `dir` (which need not exist yet). `action` starts the message: `download "URL"`. */
export async function requireSpace(dir: string, need: number, action: string): Promise<void> {
  const have = await freeBytes(dir);
  if (have < need) throw noSpace(dir, action, `needs ${formatSize(need)}, ${formatSize(have)} are free`);
}

/** Runs a step that writes into `dir`; a disk that runs full below it becomes LimaError `NO_DISK_SPACE`. */
export async function guardSpace<T>(dir: string, action: string, step: () => Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (error) {
    if (!["ENOSPC", "EDQUOT"].includes(codeOf(error) ?? "")) throw error;
    throw noSpace(dir, action, "the disk is full", error);
  }
}

function noSpace(dir: string, action: string, reason: string, cause?: unknown): LimaError {
  return new LimaError("NO_DISK_SPACE", `cannot ${action}: no space left in "${dir}", ${reason}`, {
    hint: "free some space there, or move the directory with LIMA_HOME or XDG_CACHE_HOME",
    ...(cause === undefined ? {} : { cause }),
  });
}
