import type { InstanceEdits } from "../../lib/instance/edit-text.ts";
import type { CREATE_FLAGS, EDIT_FLAGS, NEW_FLAGS } from "./flags.ts";
import type { Flags } from "./define.ts";
import { usageError } from "./usage-error.ts";

function params(texts: readonly string[]): Record<string, string> {
  return Object.fromEntries(texts.map((text) => {
    const equals = text.indexOf("=");
    if (equals <= 0) throw usageError(`invalid argument ${JSON.stringify(text)} for "--param" flag: must be KEY=VALUE`);
    return [text.slice(0, equals), text.slice(equals + 1)];
  }));
}

const unquoted = (text: string): string => text.replaceAll(/^["']|["']$/g, "");

/** The changes to the configuration that flags ask for; those that were not given are absent. */
export function editsOf(flags: Flags<typeof EDIT_FLAGS & typeof NEW_FLAGS>): InstanceEdits {
  const { cpus, memory, disk, dns, set, param, video, arch, plain, shell } = flags;
  const vmType = flags["vm-type"];
  const sshPort = flags["ssh-port"];
  return {
    ...(cpus === undefined ? {} : { cpus }),
    ...(memory === undefined ? {} : { memory }),
    ...(disk === undefined ? {} : { disk }),
    ...(dns === undefined ? {} : { dns: dns.map(unquoted) }),
    ...(vmType === undefined ? {} : { vmType }),
    ...(set === undefined ? {} : { set }),
    ...(param === undefined ? {} : { param: params(param) }),
    ...(video === undefined ? {} : { video }),
    ...(sshPort === undefined ? {} : { sshPort }),
    ...(arch === undefined ? {} : { arch }),
    ...(plain === undefined ? {} : { plain }),
    ...(shell === undefined ? {} : { shell }),
  };
}

/** Names of the given flags that only make sense for a new instance. */
export function givenNewFlags(flags: Flags<typeof CREATE_FLAGS>): readonly string[] {
  return (["arch", "plain"] as const satisfies readonly (keyof typeof NEW_FLAGS)[]).filter((name) => flags[name] !== undefined);
}
