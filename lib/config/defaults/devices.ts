import type { ConfigInput } from "../input.ts";
import { ARCHES, type Config } from "../schema.ts";
import { isAtLeast } from "../version.ts";
import type { Filling } from "./filling.ts";

type Devices = Pick<Config, "ssh" | "firmware" | "video" | "vmOpts">;

function fillPort(input: ConfigInput, { name, madeBy }: Filling): number {
  const port = input.ssh?.localPort ?? 0;
  // Before 2.0 the default instance had a port of its own, and people's ssh configurations name it.
  return port === 0 && name === "default" && !isAtLeast(madeBy, "2.0.0") ? 60022 : port;
}

function fillQemu(input: ConfigInput, { problems }: Filling): Config["vmOpts"]["qemu"] {
  const { minimumVersion, cpuType = {} } = input.vmOpts?.qemu ?? {};
  const filled: Partial<Record<string, string>> = {};
  for (const [path, types] of [[["cpuType"], input.cpuType ?? {}], [["vmOpts", "qemu", "cpuType"], cpuType]] as const) {
    for (const [arch, type] of Object.entries(types)) {
      if (!ARCHES.some((known) => known === arch)) problems.push({ path: [...path, arch], value: type, reason: `the key must be one of ${ARCHES.join(", ")}` });
      else if (type !== "") filled[arch] = type;
    }
  }
  return { ...(minimumVersion === undefined || minimumVersion === "" ? {} : { minimumVersion }), cpuType: filled };
}

/** How the machine is reached and shown, and the driver's own options. */
export function fillDevices(input: ConfigInput, filling: Filling): Devices {
  return {
    ssh: { localPort: fillPort(input, filling), loadDotSSHPubKeys: input.ssh?.loadDotSSHPubKeys ?? false, forwardAgent: input.ssh?.forwardAgent ?? false },
    firmware: { legacyBIOS: input.firmware?.legacyBIOS ?? false },
    video: { display: input.video?.display || "none", vnc: { display: input.video?.vnc?.display || "127.0.0.1:0,to=9" } },
    vmOpts: { qemu: fillQemu(input, filling) },
  };
}
