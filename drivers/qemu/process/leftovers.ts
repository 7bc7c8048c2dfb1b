import { lstat, readlink, rm } from "node:fs/promises";
import { join } from "node:path";
import { FILES } from "../../../lib/store/filenames.ts";

const SOCKETS = [FILES.qmpSock, FILES.agentSock, FILES.bootSock, FILES.serialSock, FILES.serialPciSock, FILES.serialVirtioSock] as const;
const OTHERS = [FILES.qemuPid, FILES.vncDisplay, FILES.vncPassword] as const;
const LOGS = [FILES.serialLog, FILES.serialPciLog, FILES.serialVirtioLog] as const;

/** The path to connect to for a socket that QEMU made: the target where `dir/name` is a symlink to a shorter place. */
export async function existingSocket(dir: string, name: string): Promise<string> {
  const path = join(dir, name);
  return readlink(path).catch(() => path);
}

async function removeSocket(dir: string, name: string): Promise<void> {
  const path = join(dir, name);
  const target = await existingSocket(dir, name);
  if (target !== path && (await lstat(target).catch(() => undefined))?.isSocket() === true) await rm(target, { force: true });
  await rm(path, { force: true });
}

/** Removes what a QEMU that is gone may have left in an instance directory: its pid file, its sockets, VNC's files. */
export async function removeLeftovers(dir: string): Promise<void> {
  await Promise.all([...SOCKETS.map((name) => removeSocket(dir, name)), ...OTHERS.map((name) => rm(join(dir, name), { force: true }))]);
}

/** Removes the serial logs of the last run, so that what is in them is of this one. */
export async function removeLogs(dir: string): Promise<void> {
  await Promise.all(LOGS.map((name) => rm(join(dir, name), { force: true })));
}
