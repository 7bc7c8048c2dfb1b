import { readFile } from "node:fs/promises";
import { LimaError, messageOf } from "../base/errors.ts";
import type { Config } from "../config/schema.ts";
import { paramEnv } from "./lima-env.ts";
import { type CidataInput, provisionIndex } from "./input.ts";
import { nameservers } from "./network-config.ts";

/** The scripts that user-data itself carries, by their path below guest/boot. */
export interface CloudInitScripts {
  readonly setup: string;
  readonly launch: string;
  readonly provision: string;
}

/** Linux takes no longer argument for a program. */
const MAX_ARGUMENT_BYTES = 128 * 1024 - 1;

/** A full name as /etc/passwd can hold it: useradd refuses others, and there would be no user. */
function gecos(comment: string): string {
  // oxlint-disable-next-line no-control-regex -- a full name may hold anything
  return comment.replace(/[\u0000-\u001f\u007f]/g, "").replaceAll(":", " ").trim();
}

function user({ config, authorizedKeys }: CidataInput): unknown {
  const { name, comment, home, shell, uid, gid } = config.user;
  return {
    name, uid, gecos: gecos(comment), homedir: home, shell,
    // Made by setup.sh with the right id; group 0 would be root's.
    ...(gid > 0 ? { primary_group: name } : {}),
    sudo: "ALL=(ALL) NOPASSWD:ALL",
    lock_passwd: true,
    ssh_authorized_keys: authorizedKeys,
  };
}

/** The certificates to trust, of the settings and of the files they name. Throws LimaError `CA_CERT_FILE`. */
async function caCerts({ caCerts: { removeDefaults, files, certs } }: Config): Promise<unknown> {
  const fromFiles = await Promise.all(files.map(async (file) => {
    try {
      return await readFile(file, "utf8");
    } catch (error) {
      throw new LimaError("CA_CERT_FILE", `cannot read the CA certificates in "${file}": ${messageOf(error)}`, { cause: error });
    }
  }));
  const trusted = [...fromFiles, ...certs]
    .map((text) => text.split("\n").map((line) => line.trim()).filter((line) => line !== "").join("\n"))
    .filter((text) => text !== "");
  if (trusted.length === 0 && !removeDefaults) return undefined;
  return { remove_defaults: removeDefaults, ...(trusted.length > 0 ? { trusted } : {}) };
}

/** Commands of the boot before anything else is set up; each an argument list, so nothing is quoted by us. */
function bootCommands({ config, bootPort }: CidataInput, scripts: CloudInitScripts): string[][] {
  const { name, gid } = config.user;
  const commands = [["sh", "-c", scripts.setup, "lima-setup", name, String(gid), bootPort, scripts.launch]];
  for (const [i, { mode, script }] of config.provision.entries()) {
    if (mode !== "boot") continue;
    if (Buffer.byteLength(script) > MAX_ARGUMENT_BYTES) throw new LimaError("PROVISION_TOO_LARGE", `cannot run provision script ${i} in mode "boot": it is larger than 128 KiB`);
    commands.push(["sh", "-c", scripts.provision, "lima-provision", provisionIndex(i), paramEnv(config), script]);
  }
  return commands;
}

/**
 * user-data for cloud-init 22 and later (https://docs.cloud-init.io/en/latest/reference/modules.html).
 * Throws LimaError `CA_CERT_FILE`, `PROVISION_TOO_LARGE` or `CIDATA_VALUE`.
 */
export async function userData(input: CidataInput, scripts: CloudInitScripts): Promise<Readonly<Record<string, unknown>>> {
  const { config } = input;
  const certificates = await caCerts(config);
  return {
    growpart: { mode: "auto", devices: ["/"] },
    resize_rootfs: true,
    ...(config.upgradePackages ? { package_update: true, package_upgrade: true, package_reboot_if_required: true } : {}),
    ...(config.timezone === "" ? {} : { timezone: config.timezone }),
    users: [user(input)],
    // An RSA key takes long to make under emulation, and no client of today needs one.
    ssh_genkeytypes: ["ed25519", "ecdsa"],
    no_ssh_fingerprints: true,
    ssh: { emit_keys_to_console: false },
    manage_resolv_conf: true,
    resolv_conf: { nameservers: nameservers(input) },
    ...(certificates === undefined ? {} : { ca_certs: certificates }),
    bootcmd: bootCommands(input, scripts),
  };
}
