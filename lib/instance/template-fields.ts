import type { Instance } from "./inspect.ts";
import { type HostFacts, instanceRecord } from "./record.ts";

/** What templates see of an instance while its message is still being made. */
export type Unfinished = Omit<Instance, "message">;

/** Go's name of the host's system. */
function goOs(platform: string): string {
  return platform === "win32" ? "windows" : platform;
}

/** Fields that templates can name: Go's names of what `--json` prints in lower case. */
export function templateFields(instance: Unfinished, host: HostFacts): Readonly<Record<string, unknown>> {
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
    Name: instance.name,
    Param: config?.param ?? {},
    Protected: instance.protected,
    SSHAddress: instance.sshAddress,
    SSHConfigFile: instance.sshConfigFile,
    SSHLocalPort: instance.sshLocalPort,
    Status: instance.status,
    VMType: config?.vmType ?? "",
    // Deprecated, `info` has them.
    HostOS: goOs(host.os),
    HostArch: host.arch,
    LimaHome: host.home,
    IdentityFile: host.identityFile,
  };
}

/** What `list --format` fills its template with: fields by Go's names, and as a whole what `--json` prints. */
export class ListedInstance {
  readonly #instance: Instance;
  readonly #host: HostFacts;

  constructor(instance: Instance, host: HostFacts) {
    this.#instance = instance;
    this.#host = host;
    Object.assign(this, templateFields(instance, host), { Message: instance.message.trimEnd() });
  }

  toJSON(): unknown {
    return instanceRecord(this.#instance, this.#host);
  }
}
