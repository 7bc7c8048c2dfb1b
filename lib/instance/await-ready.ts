import type { Context } from "../base/context.ts";
import type { HostAgentEvent } from "../protocol/hostagent.ts";
import { type FollowEnd, HostAgentFollower, type FollowOptions } from "./follow.ts";

export interface AwaitOptions extends Pick<FollowOptions, "alive" | "lines"> {
  readonly dir: string;
  readonly timeoutMs: number;
  /** What to say of a host agent that ended without a word. */
  readonly ending: () => string;
}

/** How waiting for a guest ended. */
export type Readiness =
  | { readonly kind: "ready" }
  | { readonly kind: "degraded"; readonly cause: string }
  /** The host agent, and with it the VM, is gone. */
  | { readonly kind: "exited"; readonly cause: string }
  | { readonly kind: "timeout"; readonly stage: string | undefined }
  | { readonly kind: "interrupted" };

/** Follows a host agent, passing on what it says, until the guest is ready or will not be. */
export async function awaitReady(ctx: Context, { dir, alive, lines, timeoutMs, ending }: AwaitOptions): Promise<Readiness> {
  using follower = new HostAgentFollower(dir, { log: ctx.log, events: "start", lines, alive, signal: ctx.signal, deadline: performance.now() + timeoutMs });
  const events = follower.events();
  let port: number | undefined;
  let stage: string | undefined;
  let errors: readonly string[] = [];
  const gone = (otherwise: string): Readiness => ({ kind: "exited", cause: errors.join("; ") || follower.lastError || otherwise });
  for (;;) {
    const next: IteratorResult<HostAgentEvent, FollowEnd> = await events.next();
    if (next.done === true) {
      switch (next.value) {
        case "aborted": return { kind: "interrupted" };
        case "timeout": return { kind: "timeout", stage };
        case "gone": return gone(`the host agent ended unexpectedly (${ending()})`);
      }
    }
    const { status } = next.value;
    if (status.sshLocalPort !== undefined && port === undefined && lines === "start") ctx.log.info(`SSH Local Port: ${status.sshLocalPort}`);
    port = status.sshLocalPort ?? port;
    stage = status.stage?.text ?? stage;
    errors = status.errors ?? errors;
    if (status.exiting === true) return gone("the VM was stopped while it was starting");
    if (status.running === true) return status.degraded === true ? { kind: "degraded", cause: errors.join("; ") } : { kind: "ready" };
  }
}
