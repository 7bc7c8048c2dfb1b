import { codeOf } from "../../../lib/base/errors.ts";
import { FILES } from "../../../lib/store/filenames.ts";
import { Qmp, type QmpEvent } from "../qmp/client.ts";
import { connectChannel } from "./channel.ts";
import { existingSocket } from "./leftovers.ts";

/** Connects to the monitor of an instance's QEMU. Throws the system error, or a QmpError after `timeoutMs`. */
export async function connectMonitor(dir: string, options: { readonly timeoutMs: number; readonly onEvent?: (event: QmpEvent) => void }): Promise<Qmp> {
  return Qmp.handshake(await connectChannel(await existingSocket(dir, FILES.qmpSock)), options);
}

/** True for the errors of a socket that is not there (yet). */
export function isNotListening(error: unknown): boolean {
  return codeOf(error) === "ENOENT" || codeOf(error) === "ECONNREFUSED";
}
