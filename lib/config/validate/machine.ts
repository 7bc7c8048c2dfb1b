import type { Problem } from "../problem.ts";
import type { Config } from "../schema.ts";
import { COMPATIBLE_VERSION, compareTriples, parseVersion } from "../version.ts";

function* versionProblems({ minimumLimaVersion: value }: Config): Iterable<Problem> {
  if (value === undefined || value === "") return;
  const path = ["minimumLimaVersion"];
  const wanted = parseVersion(value);
  const offered = parseVersion(COMPATIBLE_VERSION);
  if (wanted === undefined || offered === undefined) yield { path, value, reason: "must be a version such as 1.2.3" };
  else if (compareTriples(wanted, offered) > 0) yield { path, value, reason: `this program understands the configuration of Lima up to ${COMPATIBLE_VERSION}` };
}

export function* machineProblems(config: Config): Iterable<Problem> {
  yield* versionProblems(config);
  if (!/^[a-z][a-z0-9-]*$/.test(config.vmType) || config.vmType === "default") {
    yield { path: ["vmType"], value: config.vmType, reason: "must name a driver such as qemu; leave it out for the default" };
  }
  if (config.cpus < 1) yield { path: ["cpus"], value: config.cpus, reason: "must be 1 or more, or 0 for the default" };
  if (!config.guestInstallPrefix.startsWith("/")) yield { path: ["guestInstallPrefix"], value: config.guestInstallPrefix, reason: "must be an absolute path" };
}

const MIB = 1024 ** 2;

/** A number without a unit is bytes, which nobody wants for these. */
export function* machineWarnings(config: Config): Iterable<Problem> {
  for (const key of ["memory", "disk"] as const) {
    if (config[key] < MIB) yield { path: [key], value: config[key], reason: "a size without a unit is bytes, write 4GiB for gibibytes" };
  }
}
