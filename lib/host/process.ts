import { readFileSync } from "node:fs";
import { codeOf } from "../base/errors.ts";

/** A pid alone may be taken by another program; together with the boot and the start time it names one process for ever. */
export interface ProcessIdentity {
  readonly pid: number;
  readonly bootId: string;
  /** Opaque: compare for equality only. */
  readonly startTime: string;
}

/** True when a process with this pid exists and is not a zombie. */
export function processAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    return codeOf(error) === "EPERM";
  }
  if (process.platform === "linux") {
    const state = statFields(pid)?.[0];
    return state !== undefined && state !== "Z" && state !== "X";
  }
  return true;
}

/** Fields of /proc/PID/stat after the command name: state first, start time (in clock ticks since boot) at index 19. */
function statFields(pid: number): string[] | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "latin1");
    // The name may hold spaces and parentheses; the last parenthesis ends it.
    return text.slice(text.lastIndexOf(")") + 2).split(" ");
  } catch {
    return undefined;
  }
}

/** When the process started, in a form only good for comparing; undefined when there is no such process. */
export function processStartTime(pid: number): string | undefined {
  if (process.platform === "linux") return statFields(pid)?.[19];
  const { stdout, exitCode } = Bun.spawnSync(["ps", "-o", "lstart=", "-p", String(pid)]);
  return exitCode === 0 ? stdout.toString().trim() : undefined;
}

/** Words of the command line, or undefined when there is no such process (or it is not ours to read). */
export function processCommandLine(pid: number): readonly string[] | undefined {
  if (process.platform === "linux") {
    try {
      const text = readFileSync(`/proc/${pid}/cmdline`, "utf8");
      return text === "" ? undefined : text.replace(/\0$/, "").split("\0");
    } catch {
      return undefined;
    }
  }
  // ps joins the words with spaces: good enough to look for a path in it.
  const { stdout, exitCode } = Bun.spawnSync(["ps", "-o", "command=", "-ww", "-p", String(pid)]);
  return exitCode === 0 ? stdout.toString().trim().split(" ") : undefined;
}

let cachedBootId: string | undefined;

/** Changes with every boot of the host. */
export function bootId(): string {
  if (cachedBootId !== undefined) return cachedBootId;
  if (process.platform === "linux") {
    try {
      return (cachedBootId = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim());
    } catch {
      return (cachedBootId = "unknown");
    }
  }
  return (cachedBootId = Bun.spawnSync(["sysctl", "-n", "kern.boottime"]).stdout.toString().trim());
}

/** The identity of a living process; of this one by default. */
export function processIdentity(pid: number = process.pid): ProcessIdentity | undefined {
  const startTime = processStartTime(pid);
  return startTime === undefined ? undefined : { pid, bootId: bootId(), startTime };
}

/** True when exactly the process that had this identity still runs. */
export function isSameProcess(identity: ProcessIdentity): boolean {
  return identity.bootId === bootId() && processAlive(identity.pid) && processStartTime(identity.pid) === identity.startTime;
}

/** Sends a signal; false when there was no such process. */
export function killProcess(pid: number, signal: NodeJS.Signals): boolean {
  try {
    process.kill(pid, signal);
    return true;
  } catch (error) {
    if (codeOf(error) === "ESRCH") return false;
    throw error;
  }
}

/** Waits for a process that need not be our child. False when it still runs after `timeoutMs`. */
export async function waitForExit(pid: number, timeoutMs: number): Promise<boolean> {
  const deadline = performance.now() + timeoutMs;
  while (processAlive(pid)) {
    if (performance.now() >= deadline) return false;
    // No event without pidfd; 20 ms is below what a person or the callers notice.
    await Bun.sleep(20);
  }
  return true;
}
