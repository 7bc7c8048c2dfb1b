import type { Instance } from "../lib/instance/inspect.ts";
import type { HostFacts } from "../lib/instance/record.ts";

/** Fields a `--format` template can name: Go's names of what `--json` prints in lower case. */
export function templateFields(instance: Instance, host: HostFacts): Readonly<Record<string, unknown>> {
  const { config, live } = instance;
  return {
    Arch: config?.arch ?? "",
    CPUs: config?.cpus ?? 0,
    Config: config ?? {},
    Dir: instance.dir,
    Disk: config?.disk ?? 0,
    DriverPID: live.driverPid ?? 0,
    Errors: instance.errors,
    HostAgentPID: live.hostAgentPid ?? 0,
    Hostname: config ? instance.hostname : "",
    LimaVersion: instance.limaVersion,
    Memory: config?.memory ?? 0,
    Message: instance.message.trimEnd(),
    Name: instance.name,
    Param: config?.param ?? {},
    Protected: instance.protected,
    SSHAddress: instance.sshAddress,
    SSHConfigFile: instance.sshConfigFile,
    SSHLocalPort: instance.sshLocalPort,
    Status: instance.status,
    VMType: config?.vmType ?? "",
    ...deprecatedFields(host),
  };
}

function deprecatedFields(host: HostFacts): Readonly<Record<string, string>> {
  return { HostOS: host.os, HostArch: host.arch, LimaHome: host.home, IdentityFile: host.identityFile };
}

/** Names for `--list-fields`, without the deprecated ones. */
export const FIELD_NAMES = [
  "Arch", "CPUs", "Config", "Dir", "Disk", "DriverPID", "Errors", "HostAgentPID", "Hostname", "LimaVersion", "Memory", "Message", "Name",
  "Param", "Protected", "SSHAddress", "SSHConfigFile", "SSHLocalPort", "Status", "VMType",
] as const;
