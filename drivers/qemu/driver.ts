import type { Context } from "../../lib/base/context.ts";
import type { Driver } from "../../lib/driver/contract.ts";
import { createDisk } from "./disk/create.ts";
import { attachVm } from "./process/attach.ts";
import { findVm } from "./process/find.ts";
import { killVm } from "./process/kill.ts";
import { startVm } from "./process/start.ts";
import { validate } from "./validate.ts";

/** QEMU on Linux and macOS hosts. */
export default function qemuDriver(ctx: Context): Driver {
  return {
    name: "qemu",
    features: { imageFormats: ["qcow2", "raw", "vmdk", "vhdx"], emulatesOtherArch: true },
    validate: (machine) => validate(ctx, machine),
    createDisk: (machine) => createDisk(ctx, machine),
    start: (machine, options) => startVm(ctx, machine, options),
    attach: (machine) => attachVm(ctx, machine),
    inspect: (dir) => {
      const vm = findVm(dir);
      return Promise.resolve(vm === undefined ? {} : { pid: vm.pid });
    },
    kill: killVm,
  };
}
