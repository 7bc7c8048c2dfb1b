/**
 * What the host agent tells the rest of the world: the lines of ha.stdout.log (the format tools already read:
 * `{"time": RFC 3339, "status": {...}}`, zero values left out) and the replies of the HTTP API on ha.sock.
 */

export interface PortForwardEvent {
  readonly type: "forwarding" | "not-forwarding" | "stopping" | "failed";
  readonly protocol: "tcp" | "udp";
  /** `IP:PORT`, IPv6 in brackets. */
  readonly guestAddr: string;
  readonly hostAddr?: string;
  readonly error?: string;
}

/** Progress of the boot, for a person; ours, additional to the reference's fields. */
export interface StageEvent {
  /** Machine-readable: `firmware`, `kernel`, `cloud-init`, `boot`, `module`, `sshd`, `ssh`, `agent`, `done`, ... */
  readonly name: string;
  /** One line for a person, e.g. "running boot script 25-guestagent-base.sh". */
  readonly text: string;
  /** Milliseconds since the VM was started. */
  readonly elapsedMs: number;
}

export interface HostAgentStatus {
  readonly running?: boolean;
  readonly degraded?: boolean;
  readonly exiting?: boolean;
  readonly errors?: readonly string[];
  readonly sshLocalPort?: number;
  readonly portForward?: PortForwardEvent;
  readonly stage?: StageEvent;
}

export interface HostAgentEvent {
  readonly time: string;
  readonly status: HostAgentStatus;
}

/** GET /v1/info. The first two keys are the reference's. */
export interface HostAgentInfo {
  readonly sshLocalPort?: number;
  readonly autoStartedIdentifier?: string;
  readonly version: string;
  readonly pid: number;
  readonly driverPID?: number;
  /** `booting`, `running`, `degraded`, `exiting`. */
  readonly state: "booting" | "running" | "degraded" | "exiting";
  readonly errors: readonly string[];
  readonly ports: readonly { readonly protocol: "tcp" | "udp"; readonly guestAddr: string; readonly hostAddr: string }[];
  readonly guestAgent?: { readonly version: string; readonly rssBytes: number; readonly cpuMs: number };
  /** Milliseconds from VM start at which each stage was first reached. */
  readonly stages: Readonly<Record<string, number>>;
}

/** Parses a line of ha.stdout.log; undefined for a partial or foreign line. */
export function parseEvent(line: string): HostAgentEvent | undefined {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value !== "object" || value === null) return undefined;
    const { time, status } = value as Record<string, unknown>;
    if (typeof time !== "string" || typeof status !== "object" || status === null) return undefined;
    return { time, status: status as HostAgentStatus };
  } catch {
    return undefined;
  }
}
