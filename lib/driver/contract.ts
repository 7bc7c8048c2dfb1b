import type { Context } from "../base/context.ts";
import type { Config } from "../config/schema.ts";

/**
 * What a hypervisor must offer. Call order (ARCHITECTURE.md): create/start in the CLI call `validate`, then `createDisk`;
 * the host agent calls `attach` (is a VM of this instance already running?), else `start`, then talks through the
 * `RunningVm`, and ends with its `stop`. `inspect` and `kill` may be called by anybody at any time, with nothing running.
 *
 * A driver keeps no state between calls but what is in the instance directory: a crash loses nothing.
 */

/** One machine as the drivers see it; made by lib/instance from the directory and its configuration. */
export interface Machine {
  readonly name: string;
  /** The instance directory, absolute. */
  readonly dir: string;
  /** With all defaults filled. */
  readonly config: Config;
}

export interface DriverFeatures {
  /** Formats of `basedisk` it boots without conversion, by qemu-img's names. */
  readonly imageFormats: readonly string[];
  /** ssh is always on this port (WSL2); else the host agent chooses a free one and passes it to `start`. */
  readonly staticSshPort?: number;
  /** Guest architectures (Lima spelling) this driver can run on this host, emulated or not. */
  readonly emulatesOtherArch: boolean;
}

/** Answer to "what is there now?", from the processes and the disk alone. */
export interface DriverStatus {
  /** Pid of the hypervisor process of this instance, if it is alive and proven to be ours. */
  readonly pid?: number;
}

export interface StartOptions {
  /** Host port on 127.0.0.1 that must reach the guest's port 22. */
  readonly sshLocalPort: number;
  /** Ends the start (not the running VM) when aborted. */
  readonly signal: AbortSignal;
}

/** Why a VM is no more. */
export interface VmExit {
  /** Exit code, or undefined when it is not our child (attached) or died from a signal. */
  readonly code?: number;
  readonly signal?: string;
  /** The last lines that the hypervisor printed, for the error message; may be empty. */
  readonly stderr: string;
}

/** A duplex byte stream, raw: a virtio port or a vsock connection. */
export interface ByteChannel {
  /** Called with every chunk that arrives; the chunk is only valid during the call. */
  onData: (chunk: Uint8Array) => void;
  /** Resolves when either side closed it. Never rejects. */
  readonly closed: Promise<void>;
  /** Queues bytes. Returns false once closed. */
  write(data: Uint8Array): boolean;
  close(): void;
}

export interface RunningVm {
  readonly pid: number;
  /** One clear line about how the guest is run, for the log: `QEMU 7.2.22, x86_64, tcg (kvm is unusable here: ...)`. */
  readonly description: string;
  /** True when the CPU is emulated: boots take several times longer, deadlines follow. */
  readonly emulated: boolean;
  /** Resolves when the process is gone, whoever ended it. Never rejects. */
  readonly exited: Promise<VmExit>;
  /** Connects to a named virtio port (lib/protocol's AGENT_PORT or BOOT_PORT). May be called again after it closed. */
  connectPort(name: string): Promise<ByteChannel>;
  /** Asks the guest to power down, waits at most `timeoutMs`, then kills. Resolves when the VM is gone; true when the guest obeyed. */
  stop(timeoutMs: number): Promise<boolean>;
}

export interface Driver {
  /** The `vmType` it serves. */
  readonly name: string;
  readonly features: DriverFeatures;
  /** Throws LimaError when this machine cannot run on this host: unsupported field, program missing (the message names the package). */
  validate(machine: Machine): Promise<void>;
  /**
   * Makes the instance's disk out of `basedisk` (already in the directory), or grows it to `config.disk`. Idempotent;
   * nothing half-made stays behind. Throws LimaError `DISK_SHRINK` when the disk is larger than configured.
   */
  createDisk(machine: Machine): Promise<void>;
  /** Boots. Resolves when the hypervisor runs; throws LimaError when it ends at once, with its own words. */
  start(machine: Machine, options: StartOptions): Promise<RunningVm>;
  /** Takes over a VM that a dead host agent left running; undefined when there is none. */
  attach(machine: Machine): Promise<RunningVm | undefined>;
  /** `dir` may be broken, half-made or empty. Never throws for what it finds. */
  inspect(dir: string): Promise<DriverStatus>;
  /** Ends the VM at once, if one runs, and removes what it left (pid file, sockets). */
  kill(dir: string): Promise<void>;
  /** Capabilities that not every hypervisor has; absent means not supported. */
  readonly snapshots?: SnapshotOps;
}

export interface SnapshotOps {
  create(machine: Machine, tag: string): Promise<void>;
  apply(machine: Machine, tag: string): Promise<void>;
  delete(machine: Machine, tag: string): Promise<void>;
  list(machine: Machine): Promise<string>;
}

/** A driver is made for one Context; `drivers/x/driver.ts` exports this as its default. */
export type DriverModule = (ctx: Context) => Driver;

/** Name → lazy import. Handed down from cmd/; lib/ never imports a hypervisor. */
export type DriverRegistry = Readonly<Record<string, () => Promise<{ readonly default: DriverModule }>>>;
