import type { Config } from "../config/schema.ts";
import { envFile } from "./env-file.ts";
import { type CidataInput, NERDCTL_ARCHIVE, provisionIndex } from "./input.ts";

type Entry = readonly [key: string, value: string];

const flag = (on: boolean): string => (on ? "1" : "");

function* dataFiles({ provision }: Config): Iterable<Entry> {
  for (const [i, { mode, path, owner, permissions, overwrite }] of provision.entries()) {
    if (mode !== "data") continue;
    const prefix = `DATAFILE_${provisionIndex(i)}`;
    yield [`${prefix}_OVERWRITE`, String(overwrite ?? true)];
    yield [`${prefix}_OWNER`, owner ?? "root:root"];
    yield [`${prefix}_PATH`, path ?? ""];
    yield [`${prefix}_PERMISSIONS`, permissions ?? "644"];
  }
}

function* entries(input: CidataInput, instanceId: string): Iterable<Entry> {
  const { config, slirp, dnsPorts } = input;
  const { user } = config;
  yield ["DEBUG", String(input.debug)];
  yield ["IID", instanceId];
  yield ["NAME", input.name];
  yield ["USER", user.name];
  yield ["UID", String(user.uid)];
  yield ["GID", String(user.gid)];
  // oxlint-disable-next-line no-control-regex -- a full name may hold anything
  yield ["COMMENT", user.comment.replace(/[\u0000-\u001f\u007f]/g, "")];
  yield ["HOME", user.home];
  yield ["SHELL", user.shell];
  // The values of what has no mounts, disks and containers yet are the reference's for "none".
  yield ["HOSTHOME_MOUNTPOINT", ""];
  yield ["MOUNTS", "0"];
  yield ["MOUNTTYPE", ""];
  yield ["DISKS", "0"];
  yield* dataFiles(config);
  yield ["GUEST_INSTALL_PREFIX", config.guestInstallPrefix];
  yield ["UPGRADE_PACKAGES", flag(config.upgradePackages)];
  yield ["CONTAINERD_USER", ""];
  yield ["CONTAINERD_SYSTEM", ""];
  if (input.nerdctlArchive !== undefined) yield ["CONTAINERD_ARCHIVE", NERDCTL_ARCHIVE];
  yield ["SKIP_DEFAULT_DEPENDENCY_RESOLUTION", flag(config.provision.some((p) => p.mode === "dependency" && p.skipDefaultDependencyResolution))];
  yield ["PLAIN", flag(config.plain)];
  yield ["NO_CLOUD_INIT", ""];
  yield ["PASSWORDLESS_SUDO", "1"];
  yield ["SLIRP_GATEWAY", slirp.gateway];
  yield ["SLIRP_DNS", slirp.dns];
  yield ["SLIRP_IP_ADDRESS", slirp.guest];
  yield ["UDP_DNS_LOCAL_PORT", String(dnsPorts.udp)];
  yield ["TCP_DNS_LOCAL_PORT", String(dnsPorts.tcp)];
  yield ["ROSETTA_ENABLED", "false"];
  yield ["ROSETTA_BINFMT", "false"];
  yield ["VMTYPE", input.vmType];
  yield ["VSOCK_PORT", "0"];
  yield ["VIRTIO_PORT", input.virtioPort];
  // Ours, beyond the reference's: progress, and what guest/boot/cloud-init/launch.sh needs to let a boot go without cloud-init.
  yield ["BOOT_PORT", input.bootPort];
  yield ["MAC_ADDRESS", input.macAddress];
  yield ["CLOUD_INIT_EACH_BOOT", flag(config.provision.some((p) => p.mode === "boot"))];
}

/** lima.env: what boot.sh and its modules know of the instance. Throws LimaError `CIDATA_VALUE`. */
export function limaEnv(input: CidataInput, instanceId: string): string {
  return envFile("setting", "LIMA_CIDATA_", entries(input, instanceId));
}

/** param.env: the `param` settings, for provision scripts and probes. Throws LimaError `CIDATA_VALUE`. */
export function paramEnv({ param }: Config): string {
  return envFile("parameter", "PARAM_", Object.entries(param));
}
