import { constants, createReadStream } from "node:fs";
import { copyFile, link, rm, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { codeOf } from "../base/errors.ts";
import { requireSpace } from "../download/space.ts";
import { SparseWriter } from "./sparse.ts";

/** A link or a clone is not to be had here: another file system, or one that cannot do it. */
const NOT_HERE = ["EXDEV", "EPERM", "EMLINK", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "ENOTTY", "EINVAL"];

/**
 * Copies a file to a new name: shares its blocks where the file system can, else writes them with holes for zeroes.
 * Throws LimaError `NO_DISK_SPACE`, system errors, and the signal's reason when aborted; `to` may then be there in part.
 */
export async function copySparse(from: string, to: string, signal: AbortSignal): Promise<void> {
  try {
    return await copyFile(from, to, constants.COPYFILE_FICLONE_FORCE | constants.COPYFILE_EXCL);
  } catch (error) {
    if (!NOT_HERE.includes(codeOf(error) ?? "")) throw error;
    await rm(to, { force: true });
  }
  const action = `copy "${from}"`;
  await requireSpace(dirname(to), (await stat(from)).blocks * 512, action);
  const writer = await SparseWriter.create(to, action);
  try {
    for await (const chunk of createReadStream(from, { highWaterMark: 1 << 20 })) {
      signal.throwIfAborted();
      await writer.write(chunk as Buffer);
    }
    await writer.finish();
  } finally {
    await writer.close();
  }
}

/** A second name for a file that nobody writes to any more, or a copy of it where that cannot be. */
export async function linkOrCopySparse(from: string, to: string, signal: AbortSignal): Promise<void> {
  try {
    await link(from, to);
  } catch (error) {
    if (!NOT_HERE.includes(codeOf(error) ?? "")) throw error;
    await copySparse(from, to, signal);
  }
}
