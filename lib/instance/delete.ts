import { join } from "node:path";
import type { Context } from "../base/context.ts";
import { LimaError } from "../base/errors.ts";
import type { DriverRegistry } from "../driver/contract.ts";
import { removeRuntimeDir } from "../host/sockets.ts";
import { instanceDir } from "../store/dirs.ts";
import { FILES } from "../store/filenames.ts";
import { instanceExists, isProtected, lockInstance } from "../store/instance.ts";
import { removeInstanceDir } from "../store/unfinished.ts";
import { inspectInstance } from "./inspect.ts";
import { killProcesses } from "./stop.ts";

/**
 * Deletes an instance with its disks. One that does not exist is only warned about.
 *
 * @param force also when it runs or is broken; never when it is protected
 */
export async function deleteInstance(ctx: Context, drivers: DriverRegistry, name: string, force: boolean): Promise<void> {
  if (!instanceExists(ctx.home, name)) {
    ctx.log.warn(`Ignoring non-existent instance "${name}"`);
    return;
  }
  const dir = instanceDir(ctx.home, name);
  if (isProtected(dir)) throw new LimaError("INSTANCE_PROTECTED", `cannot delete instance "${name}": it is protected`, { hint: `remove "${join(dir, FILES.protected)}" to allow it` });
  if (force) await killProcesses(ctx, drivers, name);
  else await requireStopped(ctx, drivers, name);
  using _held = await lockInstance(ctx.home, name, { signal: ctx.signal, onWait: () => ctx.log.info(`waiting for another command that is working on instance "${name}"`) });
  // Whoever we waited for may have started it.
  if (force) await killProcesses(ctx, drivers, name);
  else await requireStopped(ctx, drivers, name);
  removeRuntimeDir(dir);
  removeInstanceDir(ctx.home, name);
  ctx.log.info(`Deleted "${name}" ("${dir}")`);
}

async function requireStopped(ctx: Context, drivers: DriverRegistry, name: string): Promise<void> {
  const { status, errors } = await inspectInstance(ctx, drivers, name);
  if (status === "Stopped") return;
  const because = errors.length > 0 ? `: ${errors.join("; ")}` : "";
  throw new LimaError("NOT_STOPPED", `cannot delete instance "${name}": expected status "Stopped", got "${status}"${because}`, { hint: `stop it first, or run "lima delete --force ${name}"` });
}
