import type { Context } from "../base/context.ts";
import type { DriverRegistry } from "../driver/contract.ts";
import { existingDir } from "../store/instance.ts";
import { startInstance, type StartOptions } from "./start.ts";
import { findLive } from "./status.ts";
import { killInstance, stopInstance } from "./stop.ts";

export interface RestartOptions extends StartOptions {
  readonly force: boolean;
}

/** Stops an instance, if it runs, and starts it. */
export async function restartInstance(ctx: Context, drivers: DriverRegistry, name: string, options: RestartOptions): Promise<void> {
  const live = await findLive(ctx, drivers, existingDir(ctx.home, name));
  if (options.force) await killInstance(ctx, drivers, name);
  else if (live.agent || live.driverPid !== undefined) await stopInstance(ctx, drivers, name);
  else ctx.log.warn(`instance "${name}" is not running: starting it`);
  await startInstance(ctx, drivers, name, options);
}
