import type { Command } from "./cli/define.ts";

export type Group = "basic" | "advanced" | "hidden";

export interface Verb {
  readonly group: Group;
  readonly summary: string;
  /** Other names, in `limactl` only: as a word after `lima`, `ls` or `rm` is a program of the guest. */
  readonly aliases?: readonly string[];
  readonly load: () => Promise<{ readonly default: Command }>;
}

/** Every verb; each is loaded when it is called. */
export const verbs: Readonly<Record<string, Verb>> = {
  create: { group: "basic", summary: "Create an instance without starting it", load: () => import("./create.ts") },
  delete: { group: "basic", summary: "Delete instances with their disks", aliases: ["remove", "rm"], load: () => import("./delete.ts") },
  list: { group: "basic", summary: "List instances", aliases: ["ls"], load: () => import("./list.ts") },
  restart: { group: "basic", summary: "Stop an instance and start it again", load: () => import("./restart.ts") },
  shell: { group: "basic", summary: "Run a shell or a command in an instance", load: () => import("./shell.ts") },
  start: { group: "basic", summary: "Start an instance, creating it when there is none", load: () => import("./start.ts") },
  stop: { group: "basic", summary: "Stop instances", load: () => import("./stop.ts") },
  info: { group: "advanced", summary: "Show facts about this installation as JSON", load: () => import("./info.ts") },
  "show-ssh": { group: "advanced", summary: "Show the ssh command line of an instance", load: () => import("./show-ssh.ts") },
  validate: { group: "advanced", summary: "Check templates", load: () => import("./validate.ts") },
  hostagent: { group: "hidden", summary: "Own the VM of one instance", load: () => import("./hostagent.ts") },
};

/** The verb behind a name; with `aliases` also behind its other names. */
export function findVerb(name: string, aliases: boolean): readonly [string, Verb] | undefined {
  if (Object.hasOwn(verbs, name)) {
    const verb = verbs[name];
    return verb ? [name, verb] : undefined;
  }
  return aliases ? Object.entries(verbs).find(([, verb]) => verb.aliases?.includes(name) === true) : undefined;
}
