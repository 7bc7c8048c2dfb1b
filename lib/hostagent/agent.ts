import { rmSync } from "node:fs";
import { join } from "node:path";
import { LimaError, messageOf } from "../base/errors.ts";
import type { Context } from "../base/context.ts";
import { readInstanceConfig } from "../config/read.ts";
import type { Driver, DriverRegistry, Machine, RunningVm, VmExit } from "../driver/contract.ts";
import { writeFileAtomic } from "../host/files.ts";
import { lock, type FileLock } from "../host/lock.ts";
import { processIdentity } from "../host/process.ts";
import { AGENT_PORT } from "../protocol/guest.ts";
import type { HostAgentInfo } from "../protocol/hostagent.ts";
import { PortEngine } from "../portfwd/engine.ts";
import { FILES } from "../store/filenames.ts";
import { bootGuest } from "./boot.ts";
import { EventStream } from "./events.ts";
import { GuestAgentLink } from "./guest-agent.ts";
import { launch } from "./launch.ts";
import { serveApi } from "./api.ts";

export interface HostAgentOptions {
  readonly name: string;
  /** Instance directory. */
  readonly dir: string;
  readonly pidFile: string;
  /** Where to serve the HTTP API. */
  readonly socket: string;
  /** The guest agent's binary for the guest's architecture; absent in plain mode. */
  readonly guestAgent: string | undefined;
}

/** The guest has this long to power down before it is killed. */
const POWERDOWN_MS = 3 * 60_000;

/** A guest that has not come as far as an ssh server has nobody yet who would answer the power button, and nothing to lose. */
const EARLY_POWERDOWN_MS = 5000;

/** How long a lock that a mere look-up holds for a moment may be in the way. */
const LOCK_WAIT_MS = 2000;

async function takeLock(path: string): Promise<FileLock> {
  try {
    return await lock(path, { signal: AbortSignal.timeout(LOCK_WAIT_MS) });
  } catch (error) {
    throw new LimaError("HOSTAGENT_RUNNING", `cannot start a host agent: another one holds "${path}"`, { cause: error });
  }
}

/**
 * The long-lived side of one VM: owns it from launch to exit. Returns when the VM is gone and everything that the agent
 * made (sockets, pid file) is removed; throws LimaError when the VM could not be started or came to a bad end.
 * `ctx.signal` (SIGINT, SIGTERM) begins the shutdown.
 */
export async function runHostAgent(ctx: Context, drivers: DriverRegistry, options: HostAgentOptions): Promise<void> {
  using held = await takeLock(join(options.dir, FILES.hostAgentLock));
  held.write(`${JSON.stringify(processIdentity())}\n`);
  await writeFileAtomic(options.pidFile, `${process.pid}\n`);
  const events = new EventStream();
  let failure: unknown;
  try {
    await serveInstance(ctx, drivers, options, events);
  } catch (error) {
    failure = error;
    events.update({ running: false, errors: [messageOf(error)] });
    throw error;
  } finally {
    // The last line of the stream; `stop` waits for it, so everything of the VM is gone by now.
    events.emit({ exiting: true });
    rmSync(options.pidFile, { force: true });
    ctx.log.info(failure === undefined ? "host agent exiting" : `host agent exiting after a failure: ${messageOf(failure)}`);
  }
}

async function serveInstance(ctx: Context, drivers: DriverRegistry, options: HostAgentOptions, events: EventStream): Promise<void> {
  const { config, warnings } = await readInstanceConfig(ctx, options.name);
  for (const warning of warnings) ctx.log.warn(warning);
  const machine: Machine = { name: options.name, dir: options.dir, config };
  const load = drivers[config.vmType];
  if (!load) throw new LimaError("UNKNOWN_DRIVER", `cannot run instance "${options.name}": vmType "${config.vmType}" is not one of ${Object.keys(drivers).join(", ")}`);
  const driver: Driver = (await load()).default(ctx);

  const state: { vm?: RunningVm; link?: GuestAgentLink; ports?: PortEngine; phase: HostAgentInfo["state"]; sshLocalPort?: number; errors: string[]; stages: Record<string, number> } = { phase: "booting", errors: [], stages: {} };
  const info = async (): Promise<HostAgentInfo> => {
    const link = state.link;
    const agent = await link?.ping(1000);
    return {
      ...(state.sshLocalPort === undefined ? {} : { sshLocalPort: state.sshLocalPort }),
      version: ctx.version,
      pid: process.pid,
      ...(state.vm ? { driverPID: state.vm.pid } : {}),
      state: ctx.signal.aborted ? "exiting" : state.phase,
      errors: state.errors,
      ports: state.ports?.list() ?? [],
      ...(agent && link?.version !== undefined ? { guestAgent: { version: link.version, ...agent } } : {}),
      stages: state.stages,
    };
  };

  await using undo = new AsyncDisposableStack();
  const api = serveApi(options.socket, info);
  undo.defer(() => api.stop());

  const { vm, sshLocalPort, ssh, attached } = await launch(ctx, driver, machine, options.guestAgent);
  state.vm = vm;
  state.sshLocalPort = sshLocalPort;
  let powerdownMs = POWERDOWN_MS;
  // Registered before anything can fail: an agent that ends without its VM would leave it running unobserved.
  undo.defer(async () => {
    ctx.log.info("shutting down the guest");
    const early = state.phase === "booting" && !attached && state.stages["sshd"] === undefined;
    state.phase = "exiting";
    const obeyed = await vm.stop(early ? Math.min(powerdownMs, EARLY_POWERDOWN_MS) : powerdownMs);
    ctx.log.info(obeyed ? "the guest has powered down" : "the guest was killed");
  });
  undo.defer(() => ssh.close());
  ctx.log.info(`${attached ? "reattached to the running VM" : "started the VM"}: ${vm.description}`);
  events.update({ sshLocalPort });

  const ports = new PortEngine({ log: ctx.log, sshLocalPort, dial: (ip, port) => ssh.dial(ip, port), onEvent: (portForward) => events.emit({ portForward }) });
  undo.defer(() => ports.closeAll());
  state.ports = ports;
  const hello = Promise.withResolvers<void>();
  if (!config.plain) {
    const link = new GuestAgentLink(() => vm.connectPort(AGENT_PORT), {
      onHello: (version) => {
        ctx.log.info(`guest agent ${version} is running`);
        hello.resolve();
      },
      onPorts: (full, added, removed) => ports.apply(full, added, removed),
    }, ctx.log);
    state.link = link;
    undo.defer(() => link.close());
    void link.run();
  }

  const over = new AbortController();
  const ended = Promise.race([vm.exited, aborted(ctx.signal)]).then(() => over.abort());
  const boot = await Promise.race([
    bootGuest({
      log: ctx.log, machine, vm, ssh, attached, sshLocalPort, signal: over.signal,
      agentReady: config.plain ? undefined : hello.promise,
      onStage: (stage) => {
        state.stages[stage.name] ??= stage.elapsedMs;
        events.emit({ stage });
      },
    }),
    ended,
  ]);
  if (boot) {
    if (boot.fatal !== undefined) {
      powerdownMs = 0;
      throw new LimaError("BOOT_FAILED", `the boot failed: ${boot.fatal}`);
    }
    state.errors.push(...boot.problems);
    const degraded = boot.problems.length > 0;
    state.phase = degraded ? "degraded" : "running";
    events.update({ running: true, ...(degraded ? { degraded, errors: boot.problems } : {}) });
    // Ahead of the first forwarded connection, which would otherwise wait a second for the login.
    if (!config.plain) void ssh.warm();
    await ended;
  }
  if (ctx.signal.aborted) return;
  explainExit(ctx, options, await vm.exited, state.phase === "booting");
}

/** The VM ended without us asking: an ordinary power-off from inside, or something to report. */
function explainExit(ctx: Context, options: HostAgentOptions, exit: VmExit, booting: boolean): void {
  const words = exit.stderr.trim();
  if (booting) {
    const status = exit.signal === undefined ? `exit status ${exit.code ?? "unknown"}` : `killed by ${exit.signal}`;
    throw new LimaError("VM_EXITED", `the VM ended while it was booting: ${words === "" ? status : words}`, { hint: `see "${join(options.dir, FILES.serialLog)}"` });
  }
  if (exit.signal !== undefined) throw new LimaError("VM_EXITED", `the VM was killed by ${exit.signal}`, { hint: `run "lima start ${options.name}"` });
  if (exit.code !== undefined && exit.code !== 0) throw new LimaError("VM_EXITED", `the VM ended with exit status ${exit.code}${words === "" ? "" : `: ${words}`}`);
  ctx.log.info("the guest has powered off");
}

/** Resolves once the process was asked to end. */
function aborted(signal: AbortSignal): Promise<undefined> {
  if (signal.aborted) return Promise.resolve(undefined);
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(undefined), { once: true }));
}
