import { performance } from "node:perf_hooks";
import { parseBootLine, type BootReport } from "../protocol/boot.ts";
import type { StageEvent } from "../protocol/hostagent.ts";
import { diagnose, type Diagnosis } from "./diagnose.ts";
import type { SerialLog } from "./serial-log.ts";

/** What the boot waits for now; each has its own deadline and its own words. */
export type Phase = "firmware" | "kernel" | "cloud-init" | "boot" | "provision" | "ssh" | "agent";

/**
 * Milliseconds without any sign of progress after which a phase counts as hung: with the CPU virtualized and emulated.
 * `provision` runs the user's own scripts, which may be silent for long.
 */
const PATIENCE: Readonly<Record<Phase, readonly [number, number]>> = {
  firmware: [20_000, 60_000],
  kernel: [60_000, 180_000],
  "cloud-init": [120_000, 300_000],
  boot: [120_000, 300_000],
  provision: [600_000, 1_200_000],
  ssh: [30_000, 90_000],
  agent: [30_000, 90_000],
};

const WAITING_FOR: Readonly<Record<Phase, string>> = {
  firmware: "the firmware or kernel to print anything",
  kernel: "the guest's kernel and init to reach cloud-init",
  "cloud-init": "cloud-init to start the boot scripts",
  boot: "the boot scripts",
  provision: "the provision scripts",
  ssh: "the guest's ssh server",
  agent: "the guest agent",
};

const SERIAL_POLL_MS = 250;

/** An image may reboot itself once or twice in its first boot (package upgrades, relabelling). More is a loop. */
const MAX_KERNEL_STARTS = 4;

export interface BootMonitorOptions {
  readonly emulated: boolean;
  readonly serial: SerialLog;
  readonly onStage: (stage: StageEvent) => void;
  /** A stage that failed without ending the boot (a boot script or provision script with a non-zero exit). */
  readonly onProblem: (text: string) => void;
}

/** Why the boot is over before it succeeded. */
export class BootFailure extends Error {
  override readonly name = "BootFailure";
  /** The VM cannot come up any more; it is not worth keeping. */
  readonly fatal: boolean;
  constructor(message: string, fatal: boolean) {
    super(message);
    this.fatal = fatal;
  }
}

/**
 * Follows a boot from outside (serial log) and inside (reports over the boot port), tells the stages, and knows when
 * to give up: at once on evidence of a fatal cause, or when a phase shows no progress for its patience.
 */
export class BootMonitor {
  readonly #options: BootMonitorOptions;
  readonly #started = performance.now();
  #lastProgress = performance.now();
  #phase: Phase = "firmware";
  #suspicion: Diagnosis | undefined;
  #partial = "";
  #kernelStarts = 0;
  #timer: ReturnType<typeof setInterval> | undefined;
  readonly #failed = Promise.withResolvers<never>();
  readonly #reached = new Map<string, PromiseWithResolvers<string>>();
  /** Milliseconds from the start at which each stage was first told. */
  readonly stages: Record<string, number> = {};

  constructor(options: BootMonitorOptions) {
    this.#options = options;
    this.#failed.promise.catch(() => undefined);
    this.#timer = setInterval(() => this.#tick(), SERIAL_POLL_MS);
  }

  /** Rejects with a {@link BootFailure}; never resolves. Race it against what is waited for. */
  get failed(): Promise<never> {
    return this.#failed.promise;
  }

  /** Resolves with the detail of the report when the guest reports this stage as `ok` (or `fail`, for `done`). */
  reached(stage: BootReport["stage"]): Promise<string> {
    let waiting = this.#reached.get(stage);
    if (!waiting) this.#reached.set(stage, (waiting = Promise.withResolvers()));
    return waiting.promise;
  }

  /** Takes bytes from the boot port. */
  push(chunk: Uint8Array): void {
    const lines = (this.#partial + new TextDecoder().decode(chunk)).split("\n");
    this.#partial = (lines.pop() ?? "").slice(-4096);
    for (const line of lines) {
      const report = parseBootLine(line);
      if (report) this.#report(report);
    }
  }

  /** Something went forward that is seen elsewhere (ssh login, agent greeting): a stage of its own. */
  stage(name: string, text: string, phase?: Phase): void {
    const elapsedMs = Math.round(performance.now() - this.#started);
    this.#lastProgress = performance.now();
    if (phase) this.#phase = phase;
    if (this.stages[name] !== undefined && name !== "module" && name !== "provision") return;
    this.stages[name] ??= elapsedMs;
    this.#options.onStage({ name, text, elapsedMs });
  }

  /** Says what is waited for from now on, with that phase's patience. */
  expect(phase: Phase): void {
    this.#phase = phase;
    this.#lastProgress = performance.now();
  }

  #report(report: BootReport): void {
    const { stage, state, detail } = report;
    this.#lastProgress = performance.now();
    if (state === "fail") this.#options.onProblem(problemText(report));
    switch (stage) {
      case "firmware":
      case "kernel":
      case "agent":
        break;
      case "cloud-init":
        if (state === "start") this.stage("cloud-init", "cloud-init is setting up the guest", "cloud-init");
        break;
      case "boot":
        if (state === "start") this.stage("boot", "running the boot scripts", "boot");
        break;
      case "module":
        if (state === "start") this.stage("module", `running boot script ${detail}`, "boot");
        break;
      case "provision":
        if (state === "start") this.stage("provision", `running provision script ${detail}`, "provision");
        break;
      case "sshd":
        if (state === "ok") this.stage("sshd", "the ssh server is listening");
        break;
      case "done":
        this.stage("done", state === "fail" ? "the boot scripts ended with errors" : "the boot scripts are done", "ssh");
        break;
    }
    if (state === "ok" || (stage === "done" && state === "fail")) {
      const waiting = this.#reached.get(stage) ?? Promise.withResolvers<string>();
      this.#reached.set(stage, waiting);
      waiting.resolve(detail);
    }
  }

  #tick(): void {
    const read = this.#options.serial.read();
    if (read !== undefined) {
      const { text, added } = read;
      this.#lastProgress = performance.now();
      if (this.stages["firmware"] === undefined) this.stage("firmware", "the guest is starting", "kernel");
      this.#kernelStarts += added.split(/Linux version \d/).length - 1;
      if (this.#kernelStarts > MAX_KERNEL_STARTS) {
        this.#fail(`the guest keeps rebooting (its kernel started ${this.#kernelStarts} times); the image does not work here (serial log: ${this.#options.serial.path})`, true);
        return;
      }
      if (/Linux version \d/.test(text)) this.stage("kernel", "the kernel is booting", this.#phase === "firmware" ? "kernel" : this.#phase);
      const found = diagnose(text);
      if (found?.fatal === true) {
        this.#fail(`${found.cause}; ${found.remedy} (serial log: ${this.#options.serial.path})`, true);
        return;
      }
      this.#suspicion = found ?? this.#suspicion;
    }
    const patience = PATIENCE[this.#phase][this.#options.emulated ? 1 : 0];
    if (performance.now() - this.#lastProgress > patience) {
      const why = this.#suspicion ? `: ${this.#suspicion.cause}; ${this.#suspicion.remedy}` : "";
      this.#fail(`gave up after ${Math.round(patience / 1000)} s without progress waiting for ${WAITING_FOR[this.#phase]}${why} (serial log: ${this.#options.serial.path})`, false);
    }
  }

  #fail(message: string, fatal: boolean): void {
    this.stop();
    this.#failed.reject(new BootFailure(message, fatal));
  }

  /** What the serial log suggests so far, though it is not proof. */
  get suspicion(): Diagnosis | undefined {
    return this.#suspicion;
  }

  /** The boot is over, one way or the other. */
  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}

function problemText({ stage, detail }: BootReport): string {
  if (stage === "module") return `boot script failed: ${detail}`;
  return stage === "provision" ? `provision script failed: ${detail}` : `${stage} failed: ${detail}`;
}
