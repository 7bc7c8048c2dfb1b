import { open, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Context } from "../../../lib/base/context.ts";
import { LimaError } from "../../../lib/base/errors.ts";
import type { Machine } from "../../../lib/driver/contract.ts";
import { exists, temporaryName } from "../../../lib/host/files.ts";
import { processAlive } from "../../../lib/host/process.ts";
import { FILES } from "../../../lib/store/filenames.ts";
import { findVm } from "../process/find.ts";
import { isIso9660, readDiskHeader } from "./header.ts";
import { readLayout, type BootDisk } from "./layout.ts";
import { QemuImg } from "./qemu-img.ts";
import { formatBytes } from "./size.ts";

/** Disks come in sectors; qemu-img rounds up, and so do comparisons. */
const SECTOR = 512;

function wantedSize(machine: Machine): number {
  return Math.ceil(machine.config.disk / SECTOR) * SECTOR;
}

function checkNotSmaller(machine: Machine, size: number, what: string): void {
  if (size <= wantedSize(machine)) return;
  throw new LimaError(
    "DISK_SHRINK",
    `cannot shrink the disk of instance "${machine.name}" to ${formatBytes(machine.config.disk)}: ${what} has ${formatBytes(size)}`,
    { hint: `set "disk" to at least ${formatBytes(size)}` },
  );
}

async function grow(ctx: Context, machine: Machine, disk: BootDisk): Promise<void> {
  const header = await readDiskHeader(disk.path);
  if (header.format !== "qcow2" && header.format !== "raw") return;
  checkNotSmaller(machine, header.virtualSize, "it");
  if (header.virtualSize === wantedSize(machine)) return;
  if (findVm(machine.dir) !== undefined) {
    ctx.log.warn(`the disk of instance "${machine.name}" will be grown at its next start: it is running now`);
    return;
  }
  await new QemuImg(ctx).grow(disk.path, disk.format, wantedSize(machine));
}

/** Refuses an image that would let the guest read other files of the host. */
async function backingFormat(img: QemuImg, machine: Machine, path: string): Promise<string> {
  const info = await img.info(path);
  const [outside] = info.references;
  if (outside !== undefined) {
    throw new LimaError("IMAGE_REFERS_OUTSIDE", `cannot use the image of instance "${machine.name}": it refers to another file, "${outside}"`, { hint: "use a stand-alone image" });
  }
  checkNotSmaller(machine, info.virtualSize, "its image");
  return info.format;
}

async function syncFile(path: string): Promise<void> {
  const file = await open(path, "r+");
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

async function makeOverlay(ctx: Context, machine: Machine): Promise<void> {
  const base = join(machine.dir, FILES.baseDisk);
  // A create by the reference that was interrupted before it renamed the image.
  if (!(await exists(base)) && (await exists(join(machine.dir, FILES.image)))) await rename(join(machine.dir, FILES.image), base);
  if (!(await exists(base))) throw new LimaError("IMAGE_MISSING", `cannot make the disk of instance "${machine.name}": "${base}" does not exist`);
  const img = new QemuImg(ctx);
  // An installer gets an empty disk to install to. Otherwise the name of the backing file stays relative: the directory can move.
  const backing = (await isIso9660(base)) ? undefined : { name: FILES.baseDisk, format: await backingFormat(img, machine, base) };
  const temp = temporaryName(FILES.diffDisk);
  await using undo = new AsyncDisposableStack();
  undo.defer(() => rm(join(machine.dir, temp), { force: true }));
  await img.create(machine.dir, temp, wantedSize(machine), backing);
  await syncFile(join(machine.dir, temp));
  await rename(join(machine.dir, temp), join(machine.dir, FILES.diffDisk));
  undo.move();
}

/** What an interrupted run left; its pid is in the name. */
async function removeLeftovers(dir: string): Promise<void> {
  const names = (await readdir(dir)).filter((name) => {
    const match = new RegExp(`^${FILES.diffDisk}\\.(?:(\\d+)-\\d+\\.)?tmp$`).exec(name);
    return match !== null && !(match[1] !== undefined && Number(match[1]) !== process.pid && processAlive(Number(match[1])));
  });
  await Promise.all(names.map((name) => rm(join(dir, name), { force: true })));
}

/**
 * Makes `diffdisk`, a qcow2 overlay of `config.disk` bytes over `basedisk`, or grows the disk that is there.
 * Throws LimaError `DISK_SHRINK`, `IMAGE_MISSING`, `IMAGE_REFERS_OUTSIDE`, or what qemu-img says.
 */
export async function createDisk(ctx: Context, machine: Machine): Promise<void> {
  await removeLeftovers(machine.dir);
  const { disk } = await readLayout(machine.dir);
  if (disk === undefined) await makeOverlay(ctx, machine);
  else await grow(ctx, machine, disk);
}
