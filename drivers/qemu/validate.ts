import { join } from "node:path";
import type { Context } from "../../lib/base/context.ts";
import { LimaError } from "../../lib/base/errors.ts";
import type { Machine } from "../../lib/driver/contract.ts";
import { exists } from "../../lib/host/files.ts";
import { FILES } from "../../lib/store/filenames.ts";
import { findQemu } from "./binary.ts";
import { probeBuild } from "./build.ts";
import { hasLegacyBios } from "./firmware.ts";
import { bootCode } from "./gather.ts";
import { checkVersion } from "./version.ts";

/** An image that is not here yet may come with a kernel of its own, and then needs no firmware. */
async function mayBringKernel({ dir, config }: Machine): Promise<boolean> {
  const here = await Promise.all([FILES.baseDisk, FILES.diffDisk, FILES.disk, FILES.image].map((name) => exists(join(dir, name))));
  return !here.includes(true) && config.images.some((image) => image.kernel !== undefined || image.location.startsWith("debian:"));
}

/**
 * Throws LimaError when this machine cannot run on this host: `QEMU_NOT_FOUND`, `QEMU_TOO_OLD`, `FIRMWARE_NOT_FOUND`,
 * `MEMORY`, `CPUS`.
 */
export async function validate(ctx: Context, machine: Machine): Promise<void> {
  const { config } = machine;
  if (config.memory < 2 ** 20) throw new LimaError("MEMORY", `cannot give the guest ${config.memory} bytes of memory: must be at least 1MiB`);
  if (config.cpus < 1) throw new LimaError("CPUS", `cannot give the guest ${config.cpus} CPUs: must be at least 1`);
  const program = findQemu(config.arch, ctx.env);
  const { version } = await probeBuild(ctx, program.path);
  const warning = checkVersion(version, config.vmOpts.qemu.minimumVersion);
  if (warning !== undefined) ctx.log.warn(warning);
  if (config.firmware.legacyBIOS && !hasLegacyBios(config.arch)) ctx.log.warn(`firmware.legacyBIOS is ignored: ${config.arch} guests have no legacy BIOS`);
  if (!(await mayBringKernel(machine))) await bootCode(ctx, machine, program.path);
}
