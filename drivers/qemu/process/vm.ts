import type { Context } from "../../../lib/base/context.ts";
import { LimaError } from "../../../lib/base/errors.ts";
import type { ByteChannel, Machine, RunningVm, VmExit } from "../../../lib/driver/contract.ts";
import { BOOT_PORT } from "../../../lib/protocol/boot.ts";
import { AGENT_PORT } from "../../../lib/protocol/guest.ts";
import { FILES } from "../../../lib/store/filenames.ts";
import type { Qmp } from "../qmp/client.ts";
import { connectChannel } from "./channel.ts";
import { existingSocket } from "./leftovers.ts";
import { powerDown } from "./power-down.ts";

const PORTS: Readonly<Record<string, string>> = { [AGENT_PORT]: FILES.agentSock, [BOOT_PORT]: FILES.bootSock };

export interface VmParts {
  readonly pid: number;
  readonly description: string;
  readonly emulated: boolean;
  readonly exited: Promise<VmExit>;
  /** Stays connected as long as the VM runs: its events are wanted. */
  readonly qmp: Qmp;
}

/** A started or taken over QEMU as the host agent sees it. */
export function runningVm(ctx: Context, machine: Machine, parts: VmParts): RunningVm {
  const { pid, description, emulated, exited, qmp } = parts;
  return {
    pid,
    description,
    emulated,
    exited,
    connectPort: async (name): Promise<ByteChannel> => {
      const socket = Object.hasOwn(PORTS, name) ? PORTS[name] : undefined;
      if (socket === undefined) throw new LimaError("PORT_UNKNOWN", `cannot connect to virtio port "${name}": QEMU guests have no such port`);
      return connectChannel(await existingSocket(machine.dir, socket));
    },
    stop: (timeoutMs) => powerDown({ ctx, dir: machine.dir, pid, qmp, exited }, timeoutMs),
  };
}
