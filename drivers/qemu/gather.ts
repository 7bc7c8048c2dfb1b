import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Context } from "../../lib/base/context.ts";
import { LimaError, codeOf } from "../../lib/base/errors.ts";
import type { Machine } from "../../lib/driver/contract.ts";
import { macAddress } from "../../lib/driver/mac.ts";
import { exists } from "../../lib/host/files.ts";
import { socketPath } from "../../lib/host/sockets.ts";
import { FILES } from "../../lib/store/filenames.ts";
import { chooseAccelerator, type AcceleratorChoice } from "./accelerator/choose.ts";
import { thisHost } from "./accelerator/host.ts";
import { findQemu, type QemuProgram } from "./binary.ts";
import { probeBuild, type QemuBuild } from "./build.ts";
import { hasPciSerial, type BootCode, type Plan } from "./command-line/plan.ts";
import { acceleratorOf } from "./command-line/read.ts";
import { readLayout } from "./disk/layout.ts";
import { findFirmware, hasLegacyBios, usesUefi } from "./firmware.ts";

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw error;
  }
}

/** How the guest boots: by its own kernel file, else UEFI, else what the machine comes with. Throws LimaError `FIRMWARE_NOT_FOUND`. */
export async function bootCode(ctx: Context, machine: Machine, program: string): Promise<BootCode> {
  const { dir, config } = machine;
  const kernel = join(dir, FILES.kernel);
  if (await exists(kernel)) {
    const cmdline = (await readIfThere(join(dir, FILES.kernelCmdline)))?.trimEnd();
    const initrd = join(dir, FILES.initrd);
    return { kind: "kernel", kernel, ...(cmdline === undefined ? {} : { cmdline }), ...((await exists(initrd)) ? { initrd } : {}) };
  }
  if (!usesUefi(config.arch) || (config.firmware.legacyBIOS && hasLegacyBios(config.arch))) return { kind: "builtin" };
  return { kind: "uefi", firmware: await findFirmware(config.arch, dir, program, ctx.env) };
}

/** What the user named in the environment is taken as it is; else what is proven to work. */
async function accelerator(ctx: Context, machine: Machine, program: QemuProgram, build: QemuBuild): Promise<AcceleratorChoice> {
  if (program.leading.some((word) => /^--?accel$/.test(word) || /(?:^|,)accel=/.test(word))) {
    const named = acceleratorOf(program.leading.map((word) => word.replace(/^--/, "-")));
    return { accelerator: named, reason: "as the environment says" };
  }
  return chooseAccelerator(machine.config.arch, thisHost(ctx, program.path, build.accelerators));
}

export interface Gathered {
  readonly program: string;
  readonly plan: Plan;
  /** Why the accelerator is not the host's own. */
  readonly reason: string | undefined;
}

/** Everything the command line needs to know about this host and this instance directory. */
export async function gatherPlan(ctx: Context, machine: Machine, sshLocalPort: number): Promise<Gathered> {
  const { dir, config, name } = machine;
  const program = findQemu(config.arch, ctx.env);
  if (program.leading.length > 0) ctx.log.warn("extra QEMU arguments from the environment are for debugging only", { arguments: program.leading });
  const build = await probeBuild(ctx, program.path);
  const [choice, boot, layout] = await Promise.all([accelerator(ctx, machine, program, build), bootCode(ctx, machine, program.path), readLayout(dir)]);
  if (layout.disk === undefined) throw new LimaError("DISK_MISSING", `cannot start instance "${name}": its disk does not exist`);
  const file = (base: string): string => join(dir, base);
  const socket = (base: string): string => socketPath(dir, base);
  return {
    program: program.path,
    reason: choice.reason,
    plan: {
      name,
      arch: config.arch,
      config,
      leading: program.leading,
      version: build.version,
      accelerator: choice.accelerator,
      cpuType: config.vmOpts.qemu.cpuType[config.arch] || undefined,
      boot,
      disk: layout.disk,
      iso: layout.iso,
      sshLocalPort,
      mac: macAddress(dir),
      files: {
        cidata: file(FILES.cidata),
        pid: file(FILES.qemuPid),
        serialLog: file(FILES.serialLog),
        serialPciLog: file(FILES.serialPciLog),
        serialVirtioLog: file(FILES.serialVirtioLog),
      },
      sockets: {
        qmp: socket(FILES.qmpSock),
        agent: socket(FILES.agentSock),
        boot: socket(FILES.bootSock),
        serial: socket(FILES.serialSock),
        ...(hasPciSerial(config.arch) ? { serialPci: socket(FILES.serialPciSock) } : {}),
        serialVirtio: socket(FILES.serialVirtioSock),
      },
    },
  };
}
