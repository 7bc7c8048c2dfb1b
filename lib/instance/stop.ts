import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Context } from "../base/context.ts";
import { LimaError, throwGathered } from "../base/errors.ts";
import type { DriverRegistry } from "../driver/contract.ts";
import { loadDriver } from "../driver/select.ts";
import { killProcess, waitForExit } from "../host/process.ts";
import { FILES, TRANSIENT_SUFFIXES } from "../store/filenames.ts";
import { existingDir, hostAgentHolder, lockInstance } from "../store/instance.ts";
import { HostAgentFollower } from "./follow.ts";
import { inspectInstance } from "./inspect.ts";
import { loadMachine } from "./machine.ts";
import { findLive } from "./status.ts";

/** The guest's 3 minutes to power down, and a little for the host agent to say so. */
const STOP_MS = 190_000;
const POWERDOWN_MS = 180_000;
const KILL_MS = 10_000;
/** A start whose host agent was killed needs a moment to notice. */
const LOCK_WAIT_MS = 2000;

/**
 * Asks a running instance to power down and waits until it is gone, 3 minutes for the guest and 10 s on top.
 * Throws LimaError `NOT_RUNNING`, or `STOP_TIMEOUT` when it does not end; a guest that does not obey is killed by its
 * host agent before that.
 */
export async function stopInstance(ctx: Context, drivers: DriverRegistry, name: string): Promise<void> {
  const dir = existingDir(ctx.home, name);
  // The configuration is not needed, and may be broken by now.
  const live = await findLive(ctx, drivers, dir);
  if (live.agent) return stopByAgent(ctx, name, dir);
  if (live.driverPid !== undefined) return stopOrphan(ctx, drivers, name);
  const { status } = await inspectInstance(ctx, drivers, name);
  throw new LimaError("NOT_RUNNING", `cannot stop instance "${name}": expected status "Running", got "${status}"`, { hint: `if something of it is left, run "lima stop --force ${name}"` });
}

async function stopByAgent(ctx: Context, name: string, dir: string): Promise<void> {
  const holder = hostAgentHolder(dir);
  if (!holder) return;
  const { pid } = holder;
  if (pid === undefined) throw new LimaError("HOSTAGENT_UNKNOWN", `cannot stop instance "${name}": "${join(dir, FILES.hostAgentLock)}" does not tell who holds it`);
  // Another holder would be a new host agent: somebody started the instance again right away.
  const alive = (): boolean => hostAgentHolder(dir)?.pid === pid;
  using follower = new HostAgentFollower(dir, { log: ctx.log, events: "end", lines: "end", alive, signal: ctx.signal, deadline: performance.now() + STOP_MS });
  ctx.log.info(`Sending SIGINT to hostagent process ${pid}`);
  killProcess(pid, "SIGINT");
  ctx.log.info("Waiting for the instance to shut down");
  const events = follower.events();
  for (;;) {
    const next = await events.next();
    if (next.done !== true) continue;
    if (next.value === "gone") return;
    if (next.value === "aborted") throw ctx.signal.reason;
    throw new LimaError("STOP_TIMEOUT", `cannot stop instance "${name}": it still runs after ${STOP_MS / 1000} s`, { hint: `run "lima stop --force ${name}"` });
  }
}

/** The host agent died and left the VM: the driver is enough to bring it down in order. */
async function stopOrphan(ctx: Context, drivers: DriverRegistry, name: string): Promise<void> {
  using _held = await lockInstance(ctx.home, name, { signal: ctx.signal });
  const { machine, driver } = await loadMachine(ctx, drivers, name);
  const vm = await driver.attach(machine);
  if (!vm) return;
  ctx.log.info(`the host agent of instance "${name}" is gone: asking the VM itself to power down`);
  const stopping = vm.stop(POWERDOWN_MS);
  const aborted = Promise.withResolvers<never>();
  const abort = (): void => aborted.reject(ctx.signal.reason);
  ctx.signal.addEventListener("abort", abort, { once: true });
  try {
    ctx.signal.throwIfAborted();
    if (!(await Promise.race([stopping, aborted.promise]))) ctx.log.warn(`the guest of instance "${name}" did not power down and was killed`);
    removeTransient(machine.dir);
  } finally {
    ctx.signal.removeEventListener("abort", abort);
  }
}

/**
 * Ends whatever runs of an instance, in any state, at once. Idempotent. It does not wait for the instance's lock: the
 * point is to get the better of a command that holds it.
 */
export async function killProcesses(ctx: Context, drivers: DriverRegistry, name: string): Promise<void> {
  const dir = existingDir(ctx.home, name);
  const live = await findLive(ctx, drivers, dir);
  // First the agent, which would report the death of its VM as an accident.
  if (live.hostAgentPid !== undefined) {
    ctx.log.info(`Sending SIGKILL to hostagent process ${live.hostAgentPid}`);
    killProcess(live.hostAgentPid, "SIGKILL");
    if (!(await waitForExit(live.hostAgentPid, KILL_MS))) throw new LimaError("KILL_FAILED", `cannot kill host agent ${live.hostAgentPid} of instance "${name}": it does not end`);
  }
  if (live.driverPid !== undefined) ctx.log.info(`Sending SIGKILL to driver process ${live.driverPid}`);
  for (const type of Object.keys(drivers)) await (await loadDriver(ctx, drivers, type)).kill(dir);
}

/** `stop --force`: like {@link killProcesses}, and removes the transient files, unless a command is at work there that may need them. */
export async function killInstance(ctx: Context, drivers: DriverRegistry, name: string): Promise<void> {
  await killProcesses(ctx, drivers, name);
  const given = AbortSignal.timeout(LOCK_WAIT_MS);
  try {
    using _held = await lockInstance(ctx.home, name, { signal: given });
    removeTransient(existingDir(ctx.home, name));
  } catch (error) {
    if (!given.aborted) throw error;
  }
}

/** Removes `*.pid`, `*.sock` and `*.tmp`. The caller holds the lock. */
function removeTransient(dir: string): void {
  for (const file of readdirSync(dir)) {
    if (TRANSIENT_SUFFIXES.some((suffix) => file.endsWith(suffix))) rmSync(join(dir, file), { force: true });
  }
}

/** Stops several instances, one after the other; those that fail do not keep the others from being stopped. */
export async function stopInstances(ctx: Context, drivers: DriverRegistry, names: readonly string[], force: boolean): Promise<void> {
  const results: PromiseSettledResult<void>[] = [];
  for (const name of names) {
    ctx.signal.throwIfAborted();
    results.push(...(await Promise.allSettled([force ? killInstance(ctx, drivers, name) : stopInstance(ctx, drivers, name)])));
  }
  throwGathered(results);
}
