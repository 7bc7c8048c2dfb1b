import { renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Context } from "../base/context.ts";
import { codeOf } from "../base/errors.ts";
import { gatherHostFacts } from "../config/host-facts.ts";
import { loadConfig } from "../config/load.ts";
import { readGlobalLayers } from "../config/read.ts";
import type { DriverRegistry, Machine } from "../driver/contract.ts";
import { loadDriver } from "../driver/select.ts";
import { writeFileAtomic } from "../host/files.ts";
import type { FileLock } from "../host/lock.ts";
import { removeRuntimeDir, socketPath } from "../host/sockets.ts";
import { instanceDir } from "../store/dirs.ts";
import { FILES } from "../store/filenames.ts";
import { instanceExists, instanceExistsError } from "../store/instance.ts";
import { makeUnfinished } from "../store/unfinished.ts";
import type { LoadedMachine } from "./machine.ts";
import { checkFreeSpace, prepareInstance } from "./prepare.ts";

export interface NewInstance {
  readonly name: string;
  /** The whole of its lima.yaml. */
  readonly text: string;
  /** Where the text is from, for messages. */
  readonly source: string;
}

/**
 * Makes an instance: its directory appears complete or not at all, then its image and disk are made. When that last part
 * fails or is interrupted the instance stays, and the next start goes on with it.
 * Throws LimaError `INSTANCE_EXISTS`, `INVALID_NAME`, `CONFIG_*`, `DISK_FULL`, `SOCKET_PATH_TOO_LONG` with nothing left behind.
 */
export async function createInstance(ctx: Context, drivers: DriverRegistry, fresh: NewInstance): Promise<void> {
  const { name } = fresh;
  if (instanceExists(ctx.home, name)) throw instanceExistsError(name);
  const loaded = await checkNew(ctx, drivers, fresh);
  await checkFreeSpace(ctx.home, name);
  ctx.signal.throwIfAborted();
  using _held = await makeDirectory(ctx, fresh);
  ctx.log.debug(`created "${loaded.machine.dir}"`);
  try {
    await prepareInstance(ctx, loaded);
  } catch (error) {
    ctx.log.warn(`instance "${name}" is not complete yet: "lima start${name === "default" ? "" : ` ${name}`}" goes on with it`);
    throw error;
  }
}

/** Everything that can be known to be wrong before anything is made. */
async function checkNew(ctx: Context, drivers: DriverRegistry, { name, text, source }: NewInstance): Promise<LoadedMachine> {
  const dir = instanceDir(ctx.home, name);
  const { config, warnings } = loadConfig({ text, source, name, dir, host: gatherHostFacts(), version: ctx.version, ...(await readGlobalLayers(ctx)) });
  for (const warning of warnings) ctx.log.warn(warning);
  const driver = await loadDriver(ctx, drivers, config.vmType);
  const machine: Machine = { name, dir, config };
  await driver.validate(machine);
  return { machine, driver, warnings };
}

/** The directory with its first files, under its final name and locked. */
async function makeDirectory(ctx: Context, { name, text }: NewInstance): Promise<FileLock> {
  const dir = instanceDir(ctx.home, name);
  const { path, lock } = await makeUnfinished(ctx.home, name);
  using undo = new DisposableStack();
  undo.use(lock);
  undo.defer(() => rmSync(path, { recursive: true, force: true }));
  await writeFileAtomic(join(path, FILES.config), text);
  await writeFileAtomic(join(path, FILES.version), ctx.version, 0o444);
  try {
    renameSync(path, dir);
  } catch (error) {
    // Somebody else was quicker.
    if (codeOf(error) === "ENOTEMPTY" || codeOf(error) === "EEXIST") throw instanceExistsError(name);
    throw error;
  }
  undo.defer(() => {
    removeRuntimeDir(dir);
    rmSync(dir, { recursive: true, force: true });
  });
  // The longest of our sockets: what holds this one holds all.
  socketPath(dir, FILES.serialPciSock);
  undo.move();
  return lock;
}
