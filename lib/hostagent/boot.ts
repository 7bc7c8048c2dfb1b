import { join } from "node:path";
import { messageOf } from "../base/errors.ts";
import type { Logger } from "../base/log.ts";
import type { Machine, RunningVm } from "../driver/contract.ts";
import { BOOT_PORT } from "../protocol/boot.ts";
import type { StageEvent } from "../protocol/hostagent.ts";
import { FILES } from "../store/filenames.ts";
import { sshBanner } from "../ssh/banner.ts";
import { BootFailure, BootMonitor } from "./boot-monitor.ts";
import { runProbes } from "./probes.ts";
import { SerialLog } from "./serial-log.ts";
import type { SshLink } from "./ssh-link.ts";

export interface BootOptions {
  readonly log: Logger;
  readonly machine: Machine;
  readonly vm: RunningVm;
  readonly ssh: SshLink;
  /** The VM ran before us: its reports may have been made to somebody else. */
  readonly attached: boolean;
  readonly sshLocalPort: number;
  /** Resolves with the agent's first greeting; undefined when there will be no agent. */
  readonly agentReady: Promise<void> | undefined;
  readonly onStage: (stage: StageEvent) => void;
  /** Aborted when the VM is gone or the host agent must end. */
  readonly signal: AbortSignal;
}

export interface BootResult {
  /** What went wrong without keeping the guest from running. */
  readonly problems: readonly string[];
  /** The guest cannot come up: one line with the cause. */
  readonly fatal?: string;
}

/** Between two looks at what nobody reports: only used where the guest has no boot port or said nothing yet. */
const FALLBACK_POLL_MS = 1500;

/** Failed key logins after which the key, not the timing, is to blame: one every {@link FALLBACK_POLL_MS}. */
const AUTH_ATTEMPTS = 6;

/** Waits until the guest is ready for its user, explaining itself on the way. Never rejects for what the guest does. */
export async function bootGuest(options: BootOptions): Promise<BootResult> {
  const { log, machine, vm, signal } = options;
  const problems: string[] = [];
  const monitor = new BootMonitor({
    emulated: vm.emulated,
    serial: new SerialLog(join(machine.dir, FILES.serialLog)),
    onStage: (stage) => {
      log.info(stage.text, { elapsed: `${(stage.elapsedMs / 1000).toFixed(1)}s` });
      options.onStage(stage);
    },
    onProblem: (text) => {
      problems.push(text);
      log.error(text);
    },
  });
  try {
    void followBootPort(options, monitor);
    await Promise.race([monitor.failed, becomeReady(options, monitor, problems)]);
    monitor.stop();
    problems.push(...(await runProbes(options.ssh, machine.config.probes, log, signal)));
    return { problems };
  } catch (error) {
    if (!(error instanceof BootFailure)) throw error;
    return error.fatal ? { problems, fatal: error.message } : { problems: [...problems, error.message] };
  } finally {
    monitor.stop();
  }
}

async function followBootPort({ vm, log, signal }: BootOptions, monitor: BootMonitor): Promise<void> {
  while (!signal.aborted) {
    try {
      const channel = await vm.connectPort(BOOT_PORT);
      channel.onData = (chunk) => monitor.push(chunk);
      await channel.closed;
    } catch (error) {
      log.debug(`boot port: ${messageOf(error)}`);
    }
    await Bun.sleep(FALLBACK_POLL_MS);
  }
}

async function becomeReady(options: BootOptions, monitor: BootMonitor, problems: string[]): Promise<void> {
  await Promise.race([monitor.reached("sshd"), untilBanner(options)]);
  monitor.stage("sshd", "the ssh server is listening");
  await login(options, monitor, problems);
  monitor.stage("ssh", "logged in over ssh");
  await Promise.race([monitor.reached("done"), untilMarker(options, monitor)]);
  monitor.stage("done", "the boot scripts are done");
  if (options.agentReady) {
    monitor.expect("agent");
    await options.agentReady;
    monitor.stage("agent", "the guest agent is running");
  }
}

async function untilBanner({ sshLocalPort, signal }: BootOptions): Promise<void> {
  while (!signal.aborted && !(await sshBanner(sshLocalPort, FALLBACK_POLL_MS))) await Bun.sleep(FALLBACK_POLL_MS);
}

async function login({ ssh, vm, signal, machine, log }: BootOptions, monitor: BootMonitor, problems: string[]): Promise<void> {
  for (let refused = 0; !signal.aborted; ) {
    const failure = await ssh.login(vm.emulated ? 60_000 : 20_000);
    if (!failure) return;
    log.debug(`ssh login failed (${failure.failure}): ${failure.message}`);
    // Early in a first boot the user may not exist yet; once the boot scripts are done it is no question of time.
    const bootDone = monitor.stages["done"] !== undefined;
    if (failure.failure === "auth" && bootDone && ++refused >= AUTH_ATTEMPTS) {
      problems.push(`the guest refuses the ssh key of user "${machine.config.user.name}": ${failure.message}`);
      throw new BootFailure(`the guest refuses to let user "${machine.config.user.name}" in; see /var/log/cloud-init.log in the guest through serial.sock`, false);
    }
    await Bun.sleep(FALLBACK_POLL_MS);
  }
}

/** Without reports from the boot port (a foreign image, or a boot we came too late for) the marker file tells the end of boot.sh. */
async function untilMarker({ ssh, signal, attached, log }: BootOptions, monitor: BootMonitor): Promise<void> {
  while (!signal.aborted) {
    if (!attached) await Bun.sleep(FALLBACK_POLL_MS);
    if (attached || monitor.stages["boot"] === undefined) {
      try {
        if ((await ssh.exec("test -s /run/lima-boot-done")).exitCode === 0) return;
      } catch (error) {
        log.debug(`looking for the end of the boot: ${messageOf(error)}`);
      }
    }
    if (attached) await Bun.sleep(FALLBACK_POLL_MS);
  }
}
