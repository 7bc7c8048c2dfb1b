import type { TextData } from "../expand.ts";
import type { ConfigInput, ProbeInput, ProvisionInput } from "../input.ts";
import type { Path } from "../problem.ts";
import type { Probe, Provision, ProvisionMode } from "../schema.ts";
import { expanded, type Filling, oneOf } from "./filling.ts";

const MODES: readonly ProvisionMode[] = ["system", "user", "boot", "data", "dependency"];

function fillMode(mode: string | undefined, path: Path, filling: Filling): ProvisionMode {
  if (mode !== "ansible" && mode !== "yq") return oneOf(filling, path, mode, MODES, "system");
  filling.problems.push({ path, value: mode, reason: "this mode is not supported by this version yet" });
  return "system";
}

function fillProvision(entry: ProvisionInput, index: number, filling: Filling, data: TextData): Provision {
  const path: Path = ["provision", index];
  const mode = fillMode(entry.mode, [...path, "mode"], filling);
  const expand = (key: "script" | "content" | "path" | "owner", text: string): string => expanded(filling, [...path, key], text, data);
  const forData = {
    content: expand("content", entry.content ?? ""),
    path: expand("path", entry.path ?? ""),
    owner: expand("owner", entry.owner ?? "root:root"),
    permissions: entry.permissions ?? "644",
    overwrite: entry.overwrite ?? true,
  };
  if (mode !== "data") {
    for (const key of ["content", "path", "owner", "permissions", "overwrite"] as const) {
      if (entry[key] !== undefined) filling.problems.push({ path: [...path, key], value: entry[key], reason: `can only be set when mode is data, here it is ${mode}` });
    }
  }
  return {
    mode,
    script: expand("script", entry.script ?? ""),
    skipDefaultDependencyResolution: entry.skipDefaultDependencyResolution ?? false,
    ...(mode === "data" ? forData : {}),
  };
}

function fillProbe(probe: ProbeInput, index: number, total: number, filling: Filling, data: TextData): Probe {
  const path: Path = ["probes", index];
  return {
    mode: oneOf(filling, [...path, "mode"], probe.mode, ["readiness"], "readiness"),
    description: probe.description || `user probe ${index + 1}/${total}`,
    script: expanded(filling, [...path, "script"], probe.script ?? "", data),
    hint: probe.hint ?? "",
  };
}

/** What runs in the guest: provisioning in the order of the merged list, and the probes. */
export function fillScripts(input: ConfigInput, filling: Filling, data: TextData): { provision: readonly Provision[]; probes: readonly Probe[] } {
  const { provision = [], probes = [] } = input;
  return {
    provision: provision.map((entry, i) => fillProvision(entry, i, filling, data)),
    probes: probes.map((probe, i) => fillProbe(probe, i, probes.length, filling, data)),
  };
}
