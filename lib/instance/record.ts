import type { Instance } from "./inspect.ts";

/** What a record tells of the host. */
export interface HostFacts {
  readonly os: string;
  readonly arch: string;
  readonly home: string;
  readonly identityFile: string;
}

const isEmpty = (value: unknown): boolean =>
  value === undefined || value === "" || value === 0 || (typeof value === "object" && value !== null && Object.keys(value).length === 0);

/** Without maps that are empty, at any depth, as the reference prints them. */
function pruned(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(pruned);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([k, v]) => [k, pruned(v)] as const);
  return Object.fromEntries(entries.filter(([, v]) => !(typeof v === "object" && v !== null && !Array.isArray(v) && Object.keys(v).length === 0)));
}

/** Keys that are there even when they are empty. */
const ALWAYS = new Set(["name", "hostname", "status", "dir", "vmType", "arch", "protected", "limaVersion", "HostOS", "HostArch", "LimaHome", "IdentityFile"]);

/**
 * An instance as `list --json` prints it: the names, order and omissions that scripts and the MCP server know.
 * The last four keys are deprecated (`info` has them) and still read.
 */
export function instanceRecord(instance: Instance, host: HostFacts): Readonly<Record<string, unknown>> {
  const { config, live } = instance;
  const record: Record<string, unknown> = {
    name: instance.name,
    hostname: config ? instance.hostname : "",
    status: instance.status,
    dir: instance.dir,
    vmType: config?.vmType ?? "",
    arch: config?.arch ?? "",
    cpus: config?.cpus,
    memory: config?.memory,
    disk: config?.disk,
    message: instance.message,
    sshLocalPort: instance.sshLocalPort,
    sshConfigFile: instance.sshConfigFile,
    hostAgentPID: live.hostAgentPid,
    driverPID: live.driverPid,
    errors: instance.errors,
    config: config && pruned(config),
    sshAddress: instance.sshAddress,
    protected: instance.protected,
    limaVersion: instance.limaVersion,
    param: config?.param,
    HostOS: host.os,
    HostArch: host.arch,
    LimaHome: host.home,
    IdentityFile: host.identityFile,
  };
  return Object.fromEntries(Object.entries(record).filter(([key, value]) => ALWAYS.has(key) || !isEmpty(value)));
}
