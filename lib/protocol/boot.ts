/**
 * Boot progress, written by boot.sh (and by cloud-init's bootcmd before it) to a virtio port of its own, one line a fact:
 *
 *     lima-boot 1 STAGE STATE DETAIL...
 *
 * A shell script can say it with one `echo`, before anything of ours is installed in the guest.
 */

/** Name of the virtio port; the device is /dev/virtio-ports/NAME. */
export const BOOT_PORT = "io.lima-vm.boot.0";

export const BOOT_VERSION = 1;

/**
 * The stages in the order in which a boot passes them. `firmware` and `kernel` are seen from outside (serial log);
 * the others are reported by the guest. `module` is one script of boot.sh, its file name in the detail; `done` is the
 * end of boot.sh.
 */
export const BOOT_STAGES = ["firmware", "kernel", "cloud-init", "boot", "module", "provision", "sshd", "agent", "done"] as const;
export type BootStage = (typeof BOOT_STAGES)[number];

export type BootState = "start" | "ok" | "fail" | "info";

export interface BootReport {
  readonly stage: BootStage;
  readonly state: BootState;
  /** Free text, e.g. the module's file name; for `fail` the file name, a space, and `exit=N` with the last line of output. */
  readonly detail: string;
}

const LINE = /^lima-boot (\d+) (\S+) (start|ok|fail|info)(?: (.*))?$/;

/** Parses one line from the guest; undefined when it is not a report of this version. */
export function parseBootLine(line: string): BootReport | undefined {
  const match = LINE.exec(line.trimEnd());
  if (!match || Number(match[1]) !== BOOT_VERSION) return undefined;
  const stage = BOOT_STAGES.find((s) => s === match[2]);
  if (!stage) return undefined;
  return { stage, state: match[3] as BootState, detail: (match[4] ?? "").slice(0, 500) };
}
