import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Context } from "../base/context.ts";
import { LimaError } from "../base/errors.ts";
import type { DriverRegistry } from "../driver/contract.ts";
import { optionsOfSshConfig, portOfSshConfig } from "../ssh/config-file.ts";
import { FILES } from "../store/filenames.ts";
import { existingDir, hostAgentHolder } from "../store/instance.ts";

export interface Connection {
  readonly dir: string;
  readonly port: number;
  /** `KEY=VALUE` options of ssh, as the host agent wrote them. */
  readonly options: readonly string[];
}

/** Value of an option, without its quotes; the first counts, as for ssh. */
export function optionValue(options: readonly string[], key: string): string | undefined {
  return options.find((o) => o.startsWith(`${key}=`))?.slice(key.length + 1).replaceAll('"', "");
}

/**
 * True when there is something to log in to. Throws LimaError `INSTANCE_NOT_FOUND` or `INSTANCE_BROKEN` (no lima.yaml).
 */
export async function isRunning(ctx: Context, drivers: DriverRegistry, name: string): Promise<boolean> {
  const dir = existingDir(ctx.home, name);
  if (hostAgentHolder(dir)) return true;
  if (!existsSync(join(dir, FILES.config))) throw new LimaError("INSTANCE_BROKEN", `cannot use instance "${name}": "${dir}" has no ${FILES.config}`, { hint: `run "lima delete --force ${name}"` });
  const { findLive } = await import("./status.ts");
  const live = await findLive(ctx, drivers, dir);
  if (live.driverPid === undefined) return live.agent;
  ctx.log.warn(`the host agent of instance "${name}" is gone: run "lima start ${name}" to reattach`);
  return true;
}

/**
 * How to log in to a running instance. One that is still booting is waited for. Throws LimaError `NOT_READY`.
 */
export async function connectionTo(ctx: Context, name: string): Promise<Connection> {
  const dir = existingDir(ctx.home, name);
  const first = readConnection(dir);
  const master = first && optionValue(first.options, "ControlPath");
  // The master connection is opened when the guest is ready, so it being there answers the question at no cost.
  if (first && master !== undefined && existsSync(master)) return first;
  await waitForBoot(ctx, name, dir);
  const connection = readConnection(dir);
  if (connection) return connection;
  throw new LimaError("NOT_READY", `cannot log in to instance "${name}": it has no ${FILES.sshConfig} yet`, { hint: `see "${join(dir, FILES.hostAgentStderr)}"` });
}

function readConnection(dir: string): Connection | undefined {
  try {
    const text = readFileSync(join(dir, FILES.sshConfig), "utf8");
    const port = portOfSshConfig(text);
    return port === undefined ? undefined : { dir, port, options: optionsOfSshConfig(text) };
  } catch {
    return undefined;
  }
}

async function waitForBoot(ctx: Context, name: string, dir: string): Promise<void> {
  const { agentState } = await import("./agent-state.ts");
  if (hostAgentHolder(dir) === undefined || (await agentState(dir)) !== "booting") return;
  ctx.log.info(`instance "${name}" is still booting: waiting until it is ready`);
  for (;;) {
    ctx.signal.throwIfAborted();
    await Bun.sleep(250);
    if (hostAgentHolder(dir) === undefined) throw new LimaError("NOT_READY", `cannot log in to instance "${name}": it ended while it was booting`, { hint: `see "${join(dir, FILES.hostAgentStderr)}"` });
    if ((await agentState(dir)) !== "booting") return;
  }
}
