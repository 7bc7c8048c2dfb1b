import { readdirSync } from "node:fs";
import type { Context } from "../base/context.ts";
import type { DriverRegistry } from "../driver/contract.ts";
import { loadDriver } from "../driver/select.ts";
import { hostAgentHolder } from "../store/instance.ts";
import { TRANSIENT_SUFFIXES } from "../store/filenames.ts";

/** `""`: the configuration cannot be read; `Broken`: there is none. */
export type Status = "Running" | "Stopped" | "Broken" | "";

/** What runs of an instance, found out from kernel locks and processes, never from a number in a file alone. */
export interface Live {
  /** True when a host agent holds the instance, also in the moment when its pid is not known yet. */
  readonly agent: boolean;
  readonly hostAgentPid?: number;
  /** Pid of the hypervisor. */
  readonly driverPid?: number;
}

/** A hypervisor that runs has a pid file or sockets here; without any, no driver needs to be loaded and asked. */
function hasTraces(dir: string): boolean {
  try {
    return readdirSync(dir).some((name) => TRANSIENT_SUFFIXES.some((suffix) => name.endsWith(suffix)));
  } catch {
    return false;
  }
}

/**
 * Looks for the processes of an instance directory, whatever state it is in.
 *
 * @param vmType the driver to ask; all of them when it is not known
 */
export async function findLive(ctx: Context, drivers: DriverRegistry, dir: string, vmType?: string): Promise<Live> {
  const holder = hostAgentHolder(dir);
  let driverPid: number | undefined;
  if (hasTraces(dir)) {
    const types = vmType !== undefined && Object.hasOwn(drivers, vmType) ? [vmType] : Object.keys(drivers);
    for (const type of types) driverPid ??= (await (await loadDriver(ctx, drivers, type)).inspect(dir)).pid;
  }
  return {
    agent: holder !== undefined,
    ...(holder?.pid === undefined ? {} : { hostAgentPid: holder.pid }),
    ...(driverPid === undefined ? {} : { driverPid }),
  };
}

/** Status of an instance with a good configuration, and what is wrong with it. */
export function statusOf(name: string, live: Live): { readonly status: "Running" | "Stopped"; readonly errors: readonly string[] } {
  if (live.agent) return { status: "Running", errors: [] };
  if (live.driverPid === undefined) return { status: "Stopped", errors: [] };
  return { status: "Running", errors: [`the host agent is gone: run "lima start ${name}" to reattach`] };
}
