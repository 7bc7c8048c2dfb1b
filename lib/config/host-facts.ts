import { hostArch, hostCpus, hostMemory, hostTimezone } from "../host/machine.ts";
import { type HostUser, hostUser } from "../host/user.ts";
import type { Arch } from "./schema.ts";

/** What defaults depend on outside the configuration. An argument everywhere, so that loading is a pure function. */
export interface HostFacts {
  readonly platform: NodeJS.Platform;
  readonly arch: Arch;
  readonly cpus: number;
  /** Bytes. */
  readonly memory: number;
  /** IANA name, or "" when unknown. */
  readonly timezone: string;
  readonly user: HostUser;
  /** Relative image paths start here. */
  readonly cwd: string;
}

/** Asks the host. */
export function gatherHostFacts(): HostFacts {
  return {
    platform: process.platform,
    arch: hostArch(),
    cpus: hostCpus(),
    memory: hostMemory(),
    timezone: hostTimezone(),
    user: hostUser(),
    cwd: process.cwd(),
  };
}
