import type { Path, Problem } from "../problem.ts";
import type { Config, Provision } from "../schema.ts";

function* dataProblems(path: Path, entry: Provision): Iterable<Problem> {
  const { path: target = "", permissions = "", owner = "" } = entry;
  if (target === "") yield { path: [...path, "path"], reason: "must be set when mode is data" };
  else if (!/^\/[^\n]*$/.test(target)) yield { path: [...path, "path"], value: target, reason: "must be an absolute path" };
  if (!/^[0-7]{1,4}$/.test(permissions)) yield { path: [...path, "permissions"], value: permissions, reason: "must be an octal number such as 644" };
  if (!/^[^:\s]+(?::[^:\s]*)?$/.test(owner)) yield { path: [...path, "owner"], value: owner, reason: "must be USER or USER:GROUP" };
}

export function* scriptProblems({ provision, probes }: Config): Iterable<Problem> {
  for (const [i, entry] of provision.entries()) {
    const path = ["provision", i];
    if (entry.mode === "data") yield* dataProblems(path, entry);
    else if (entry.script === "") yield { path: [...path, "script"], reason: "must not be empty" };
    if (entry.skipDefaultDependencyResolution && entry.mode !== "dependency") {
      yield { path: [...path, "skipDefaultDependencyResolution"], reason: `can only be set when mode is dependency, here it is ${entry.mode}` };
    }
  }
  for (const [i, probe] of probes.entries()) {
    if (!probe.script.startsWith("#!")) yield { path: ["probes", i, "script"], reason: `must start with a "#!" line` };
  }
}

export function* scriptWarnings({ provision, plain }: Config): Iterable<Problem> {
  for (const [i, { mode, script }] of provision.entries()) {
    const path = ["provision", i, "script"];
    if (mode === "data" && script !== "") yield { path, reason: "it has no effect when mode is data" };
    if (mode === "dependency" && plain) yield { path, reason: "it has no effect in a plain instance" };
    if (script.includes("LIMA_CIDATA")) yield { path, reason: "LIMA_CIDATA variables are internal and may change, use PARAM variables" };
  }
}
