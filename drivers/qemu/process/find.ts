import { readFileSync } from "node:fs";
import { join } from "node:path";
import { processAlive, processCommandLine } from "../../../lib/host/process.ts";
import { FILES } from "../../../lib/store/filenames.ts";

export interface FoundVm {
  readonly pid: number;
  readonly commandLine: readonly string[];
}

/** True when the words are those of a QEMU that was started for this directory: it names the directory's pid file. */
export function isVmOf(dir: string, commandLine: readonly string[]): boolean {
  return ` ${commandLine.join(" ")} `.includes(` -pidfile ${join(dir, FILES.qemuPid)} `);
}

/**
 * The QEMU process of an instance directory, from its pid file. A number that now belongs to another program, or to
 * nobody, is ignored. Never throws.
 */
export function findVm(dir: string): FoundVm | undefined {
  let text: string;
  try {
    text = readFileSync(join(dir, FILES.qemuPid), "latin1");
  } catch {
    return undefined;
  }
  const pid = Number(/^\s*(\d{1,10})\s*$/.exec(text)?.[1]);
  if (!processAlive(pid)) return undefined;
  const commandLine = processCommandLine(pid);
  return commandLine !== undefined && isVmOf(dir, commandLine) ? { pid, commandLine } : undefined;
}
