import type { Context } from "../base/context.ts";
import { readInstanceConfig } from "../config/read.ts";
import type { Driver, DriverRegistry, Machine } from "../driver/contract.ts";
import { loadDriver } from "../driver/select.ts";
import { instanceDir } from "../store/dirs.ts";

export interface LoadedMachine {
  readonly machine: Machine;
  readonly driver: Driver;
  readonly warnings: readonly string[];
}

/** An instance's configuration and the driver that runs it. Throws LimaError for a bad configuration or an unknown vmType. */
export async function loadMachine(ctx: Context, drivers: DriverRegistry, name: string): Promise<LoadedMachine> {
  const { config, warnings } = await readInstanceConfig(ctx, name);
  const driver = await loadDriver(ctx, drivers, config.vmType);
  return { machine: { name, dir: instanceDir(ctx.home, name), config }, driver, warnings };
}
