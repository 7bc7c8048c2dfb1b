import { join } from "node:path";
import type { Context } from "../base/context.ts";
import { LimaError } from "../base/errors.ts";
import type { DriverRegistry } from "../driver/contract.ts";
import { guestAgentPath } from "../host/assets.ts";
import { FILES } from "../store/filenames.ts";
import { hostAgentHolder, lockInstance } from "../store/instance.ts";
import { agentState } from "./agent-state.ts";
import { awaitReady, type Readiness } from "./await-ready.ts";
import { followToEnd } from "./follow.ts";
import { type Instance, inspectInstance } from "./inspect.ts";
import { type LoadedMachine, loadMachine } from "./machine.ts";
import { prepareInstance } from "./prepare.ts";
import { type AgentProcess, spawnHostAgent } from "./spawn.ts";

export interface StartOptions {
  /** How long to wait for the running event, in milliseconds. */
  readonly timeoutMs: number;
}

/** The host agent when this call started it; undefined when the instance was running already. */
export type StartResult = AgentProcess | undefined;

/** A guest that is shutting down has at most this long. */
const SHUTDOWN_MS = 190_000;

/**
 * Starts an instance and waits until it is ready: makes what is missing, starts a host agent (which takes over a VM that
 * lost its own), follows it. Two at once: the second waits, then finds it running.
 * Throws LimaError when it cannot be started or does not become ready, with the cause the host agent gave.
 */
export async function startInstance(ctx: Context, drivers: DriverRegistry, name: string, { timeoutMs }: StartOptions): Promise<StartResult> {
  using _held = await lockInstance(ctx.home, name, { signal: ctx.signal, onWait: () => ctx.log.info(`waiting for another command that is working on instance "${name}"`) });
  const instance = await settled(ctx, drivers, name);
  const { dir } = instance;
  if (instance.live.agent) {
    // It may have been left booting by a start that was interrupted.
    const readiness = await awaitReady(ctx, { dir, timeoutMs, lines: "end", alive: () => hostAgentHolder(dir) !== undefined, ending: () => "no exit status known" });
    if (readiness.kind === "interrupted") throw ctx.signal.reason;
    if (readiness.kind === "degraded") ctx.log.warn(`instance "${name}" runs, but not all is well: ${readiness.cause}`);
    else if (readiness.kind !== "ready") throw failure(name, dir, readiness);
    return undefined;
  }
  const loaded = await loadMachine(ctx, drivers, name);
  for (const warning of loaded.warnings) ctx.log.warn(warning);
  // With the VM still there, its disk is in use: all that is missing is the host agent.
  const orphaned = instance.live.driverPid !== undefined;
  if (orphaned) ctx.log.info(`the VM of instance "${name}" still runs without a host agent: reattaching`);
  else {
    await loaded.driver.validate(loaded.machine);
    ctx.signal.throwIfAborted();
    await prepareInstance(ctx, loaded);
  }
  const guestAgent = await agentBinary(ctx, loaded);
  ctx.signal.throwIfAborted();
  ctx.log.info(`Starting the instance "${name}" with ${loaded.driver.name}`);
  const agent = spawnHostAgent(ctx, { name, dir, guestAgent });
  const readiness = await awaitReady(ctx, { dir, timeoutMs, lines: "start", alive: agent.alive, ending: agent.ending });
  if (readiness.kind === "interrupted") return abandon(ctx, instance, agent, orphaned);
  // So that whoever starts it next does not meet its last breath.
  if (readiness.kind === "exited") await followToEnd(dir, ctx.log, agent.alive);
  if (readiness.kind !== "ready") throw failure(name, dir, readiness);
  return agent;
}

/** The instance once nothing is in transition: a host agent that is on its way out is waited for. */
async function settled(ctx: Context, drivers: DriverRegistry, name: string): Promise<Instance> {
  const instance = await inspectInstance(ctx, drivers, name);
  if (instance.config === undefined) throw new LimaError("INSTANCE_BROKEN", `cannot start instance "${name}": ${instance.errors.join("; ")}`);
  if (!instance.live.agent || (await agentState(instance.dir)) !== "exiting") return instance;
  ctx.log.info(`instance "${name}" is shutting down: waiting for it`);
  const deadline = performance.now() + SHUTDOWN_MS;
  while (hostAgentHolder(instance.dir) !== undefined) {
    ctx.signal.throwIfAborted();
    if (performance.now() > deadline) throw new LimaError("STOP_TIMEOUT", `cannot start instance "${name}": it is still shutting down`, { hint: `run "lima stop --force ${name}"` });
    await Bun.sleep(100);
  }
  return inspectInstance(ctx, drivers, name);
}

async function agentBinary(ctx: Context, { machine }: LoadedMachine): Promise<string | undefined> {
  const { plain, arch } = machine.config;
  if (plain) return undefined;
  const path = await guestAgentPath({ arch, shareDir: ctx.shareDir, cacheDir: ctx.cacheDir });
  if (path === undefined) {
    throw new LimaError("NO_GUEST_AGENT", `cannot start instance "${machine.name}": no guest agent for ${arch} guests comes with this program`, { hint: "install its share/lima directory beside it, or use --plain" });
  }
  return path;
}

/** Ctrl-C: what we started goes again. A VM that ran before us is left alone. */
async function abandon(ctx: Context, { name, dir }: Instance, agent: AgentProcess, orphaned: boolean): Promise<never> {
  if (!orphaned) {
    ctx.log.warn(`interrupted: stopping instance "${name}" (press Ctrl-C again to leave it running)`);
    process.kill(agent.pid, "SIGINT");
    await followToEnd(dir, ctx.log, agent.alive);
  }
  throw ctx.signal.reason;
}

function failure(name: string, dir: string, readiness: Exclude<Readiness, { kind: "ready" | "interrupted" }>): LimaError {
  const logs = `see "${join(dir, FILES.hostAgentStderr)}" and "${join(dir, FILES.serialLog)}"`;
  switch (readiness.kind) {
    case "exited":
      return new LimaError("START_FAILED", `cannot start instance "${name}": ${readiness.cause}`, { hint: logs });
    case "degraded":
      return new LimaError("DEGRADED", `instance "${name}" runs, but not all is well: ${readiness.cause}`, { hint: logs });
    case "timeout": {
      const stage = readiness.stage === undefined ? "" : `, the last thing seen was "${readiness.stage}"`;
      return new LimaError("START_TIMEOUT", `instance "${name}" did not become ready in time${stage}; it is left running`, { hint: `${logs}; "lima stop --force ${name}" ends it` });
    }
  }
}
