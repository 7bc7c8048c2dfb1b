import type { Context } from "../base/context.ts";
import { LimaError } from "../base/errors.ts";
import { formatSize } from "../config/size.ts";
import { freeBytes } from "../host/files.ts";
import { ensureImage } from "../image/ensure.ts";
import type { LoadedMachine } from "./machine.ts";

/** Less than this and no guest gets through its first boot. The image's own size is checked where it becomes known. */
const LEAST_FREE_BYTES = 512 * 1024 ** 2;

/** Throws LimaError `DISK_FULL` when there is no point in even beginning to make an instance in `home`. */
export async function checkFreeSpace(home: string, name: string): Promise<void> {
  const free = await freeBytes(home);
  if (free >= LEAST_FREE_BYTES) return;
  throw new LimaError("DISK_FULL", `cannot create instance "${name}": only ${formatSize(free)} free in "${home}", at least ${formatSize(LEAST_FREE_BYTES)} needed`, {
    hint: "free some space, or set LIMA_HOME to another file system",
  });
}

/**
 * Makes sure that an instance has its image and its disk. Does what is missing and nothing else, so it is also the
 * repair of whatever an interrupted create or start left. The caller holds the instance's lock and has validated.
 */
export async function prepareInstance(ctx: Context, { machine, driver }: LoadedMachine): Promise<void> {
  const { images, arch } = machine.config;
  await ensureImage(ctx, { images, arch, imageFormats: driver.features.imageFormats }, machine.dir);
  ctx.signal.throwIfAborted();
  await driver.createDisk(machine);
}
