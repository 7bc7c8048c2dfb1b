import { ArgumentList } from "./arguments.ts";
import { bootArguments } from "./boot.ts";
import { diskArguments } from "./disks.ts";
import { displayArguments } from "./display.ts";
import { machineArguments } from "./machine.ts";
import { networkArguments } from "./network.ts";
import { virtio, type Plan } from "./plan.ts";
import { portArguments } from "./ports.ts";

export interface CommandLine {
  /** Without the program. */
  readonly words: readonly string[];
  readonly warnings: readonly string[];
}

/** QEMU's arguments for a plan. Pure. */
export function buildCommandLine(plan: Plan): CommandLine {
  const list = new ArgumentList(plan.leading);
  machineArguments(list, plan);
  bootArguments(list, plan);
  diskArguments(list, plan);
  networkArguments(list, plan);
  list.add("-device", virtio(plan.arch, "rng"));
  displayArguments(list, plan);
  portArguments(list, plan);
  list.once("-name", `lima-${plan.name}`);
  // By this path a process is known as the instance's, so it is not the user's to change.
  list.add("-pidfile", plan.files.pid);
  return { words: list.words, warnings: list.warnings };
}
