import { writeSync } from "node:fs";
import { join } from "node:path";
import { drivers } from "../drivers/registry.ts";
import type { Context } from "../lib/base/context.ts";
import { LimaError } from "../lib/base/errors.ts";
import { createLogger } from "../lib/base/log.ts";
import { runHostAgent } from "../lib/hostagent/agent.ts";
import { FILES } from "../lib/store/filenames.ts";
import { command } from "./cli/define.ts";

/**
 * A host agent must never leave before its VM is down, however often it is asked: the first signal begins the shutdown,
 * the ones after it change nothing (the default handlers would end the process on the second).
 */
function patientSignal(): AbortSignal {
  const controller = new AbortController();
  for (const name of ["SIGINT", "SIGTERM"] as const) {
    process.removeAllListeners(name);
    process.on(name, () => controller.abort(new LimaError("INTERRUPTED", `interrupted by ${name}`)));
  }
  // The terminal it was started from may go away.
  process.on("SIGHUP", () => undefined);
  return controller.signal;
}

export default command({
  args: {
    pidfile: { type: "string", alias: "p", description: "Write the pid to this file" },
    socket: { type: "string", description: "Serve the API on this socket" },
    guestagent: { type: "string", description: "Binary of the guest agent to install" },
  },
  usage: "NAME",
  positionals: [1, 1],
  async run({ flags, rest, ctx }) {
    const name = rest[0] ?? "";
    const dir = join(ctx.home, name);
    // One level more verbose than what the user sees, always JSON: `lima start` and `lima stop` read it.
    const log = createLogger({ level: ctx.debug ? "trace" : "debug", format: "json", write: (line) => { writeSync(2, line); } });
    const own: Context = { ...ctx, log, signal: patientSignal() };
    await runHostAgent(own, drivers, {
      name,
      dir,
      pidFile: flags.pidfile ?? join(dir, FILES.hostAgentPid),
      socket: flags.socket ?? join(dir, FILES.hostAgentSock),
      guestAgent: flags.guestagent,
    });
  },
});
