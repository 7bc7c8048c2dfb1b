import type { Problem } from "../problem.ts";
import type { Config } from "../schema.ts";
import { parseVersion } from "../version.ts";

export function* deviceProblems({ ssh, vmOpts }: Config): Iterable<Problem> {
  const path = ["ssh", "localPort"];
  if (ssh.localPort === 22) yield { path, value: 22, reason: "must not be 22, the host's own" };
  else if (ssh.localPort < 0 || ssh.localPort > 65535) yield { path, value: ssh.localPort, reason: "must be between 1 and 65535, or 0 for a free port" };
  const { minimumVersion } = vmOpts.qemu;
  if (minimumVersion !== undefined && parseVersion(minimumVersion) === undefined) {
    yield { path: ["vmOpts", "qemu", "minimumVersion"], value: minimumVersion, reason: "must be a version such as 8.2.1" };
  }
}
