import { closeSync, openSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Context } from "../base/context.ts";
import { socketPath } from "../host/sockets.ts";
import { FILES } from "../store/filenames.ts";

export interface AgentProcess {
  readonly pid: number;
  /** False once it has ended. */
  readonly alive: () => boolean;
  /** How it ended: `exit status 1`, `killed by SIGKILL`. */
  readonly ending: () => string;
}

export interface SpawnOptions {
  readonly name: string;
  readonly dir: string;
  /** Binary of the guest agent, absent in plain mode. */
  readonly guestAgent: string | undefined;
}

function freshLog(path: string): number {
  // Removed, not truncated: whoever still follows the last run's log keeps reading that one.
  rmSync(path, { force: true });
  return openSync(path, "wx", 0o644);
}

/**
 * Starts the host agent of an instance in a session of its own, so that it outlives us and our terminal; its log files
 * are made anew. The caller holds the instance's lock.
 */
export function spawnHostAgent(ctx: Context, { name, dir, guestAgent }: SpawnOptions): AgentProcess {
  const out = freshLog(join(dir, FILES.hostAgentStdout));
  const err = freshLog(join(dir, FILES.hostAgentStderr));
  try {
    const child = Bun.spawn(
      [
        ...ctx.self,
        ...(ctx.debug ? ["--debug"] : []),
        // Also for what goes wrong before its own log is set up: start reads these lines.
        "--log-format=json",
        "hostagent",
        "--pidfile", join(dir, FILES.hostAgentPid),
        "--socket", socketPath(dir, FILES.hostAgentSock),
        ...(guestAgent === undefined ? [] : ["--guestagent", guestAgent]),
        name,
      ],
      // The working directory may be one that is unmounted later; LIMA_HOME may have been relative to ours.
      { detached: true, cwd: "/", stdio: ["ignore", out, err], env: { ...ctx.env, LIMA_HOME: ctx.home } },
    );
    child.unref();
    return {
      pid: child.pid,
      alive: () => child.exitCode === null && child.signalCode === null,
      ending: () => (child.signalCode === null ? `exit status ${child.exitCode}` : `killed by ${child.signalCode}`),
    };
  } finally {
    closeSync(out);
    closeSync(err);
  }
}
