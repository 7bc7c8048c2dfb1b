import type { ConfigInput } from "../input.ts";
import { ARCHES, type Arch, type Config } from "../schema.ts";
import { type Filling, oneOf } from "./filling.ts";

const GIB = 1024 ** 3;

type Machine = Pick<Config, "vmType" | "os" | "arch" | "cpus" | "memory" | "disk" | "timezone" | "plain" | "upgradePackages" | "guestInstallPrefix" | "message" | "propagateProxyEnv"> & { minimumLimaVersion?: string };

function fillArch(input: ConfigInput, filling: Filling): Arch {
  return oneOf(filling, ["arch"], input.arch === "default" ? "" : input.arch, ARCHES, filling.host.arch);
}

function fillOs(input: ConfigInput, { problems }: Filling): "Linux" {
  const { os = "" } = input;
  if (["Darwin", "FreeBSD", "Windows"].includes(os)) problems.push({ path: ["os"], value: os, reason: "only Linux guests are supported by this version yet" });
  else if (!["", "default", "Linux"].includes(os)) problems.push({ path: ["os"], value: os, reason: "must be one of Linux, Darwin, FreeBSD, Windows" });
  return "Linux";
}

/** The hardware and the general switches. 0 and "" stand for the built-in default of cpus, memory, disk, os and arch. */
export function fillMachine(input: ConfigInput, filling: Filling): Machine {
  const { host } = filling;
  const arch = fillArch(input, filling);
  const plain = input.plain ?? false;
  return {
    ...(input.minimumLimaVersion === undefined ? {} : { minimumLimaVersion: input.minimumLimaVersion }),
    os: fillOs(input, filling),
    arch,
    vmType: input.vmType ?? (host.platform === "darwin" && arch === host.arch ? "vz" : "qemu"),
    cpus: input.cpus || Math.min(4, host.cpus),
    memory: input.memory || Math.min(4 * GIB, Math.floor(host.memory / 2)),
    disk: input.disk || 100 * GIB,
    timezone: plain ? "" : (input.timezone ?? host.timezone),
    plain,
    upgradePackages: input.upgradePackages ?? false,
    guestInstallPrefix: input.guestInstallPrefix ?? "/usr/local",
    message: input.message ?? "",
    propagateProxyEnv: input.propagateProxyEnv ?? true,
  };
}
