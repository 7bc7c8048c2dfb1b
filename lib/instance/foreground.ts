import type { Context } from "../base/context.ts";
import { LimaError } from "../base/errors.ts";
import { killProcess } from "../host/process.ts";
import { followToEnd } from "./follow.ts";
import type { AgentProcess } from "./spawn.ts";

/**
 * Stays with a host agent until it ends, for `start --foreground` below a service manager. Ctrl-C and SIGTERM are passed
 * on to it. Throws LimaError `VM_EXITED` when it ended badly.
 */
export async function attend(ctx: Context, name: string, dir: string, agent: AgentProcess): Promise<void> {
  const stop = (): void => { killProcess(agent.pid, "SIGINT"); };
  ctx.signal.addEventListener("abort", stop, { once: true });
  try {
    if (ctx.signal.aborted) stop();
    await followToEnd(dir, ctx.log, agent.alive);
  } finally {
    ctx.signal.removeEventListener("abort", stop);
  }
  const ending = agent.ending();
  if (ending !== "exit status 0") throw new LimaError("VM_EXITED", `instance "${name}" ended: ${ending} of its host agent`);
}
