import type { Context } from "../base/context.ts";
import { LimaError } from "../base/errors.ts";
import type { Driver, DriverRegistry } from "./contract.ts";

/** Loads the driver for a `vmType`. Throws LimaError `DRIVER_NOT_FOUND` when this program has none of that name on this host. */
export async function loadDriver(ctx: Context, registry: DriverRegistry, vmType: string): Promise<Driver> {
  const load = Object.hasOwn(registry, vmType) ? registry[vmType] : undefined;
  if (load === undefined) {
    throw new LimaError("DRIVER_NOT_FOUND", `cannot use vmType "${vmType}": not supported on this host`, { hint: `choose one of: ${Object.keys(registry).join(", ")}` });
  }
  return (await load()).default(ctx);
}
