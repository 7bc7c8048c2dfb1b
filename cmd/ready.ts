import { drivers } from "../drivers/registry.ts";
import type { Context } from "../lib/base/context.ts";
import { inspectInstance } from "../lib/instance/inspect.ts";
import { writeAll } from "./cli/output.ts";

/** How to get into an instance, as the last lines of a start tell it. */
export function shellHint(name: string): string {
  return name === "default" ? "lima" : `limactl shell ${name}`;
}

/** The READY line and the instance's own message, whose lines go to stderr as they are. */
export async function announceReady(ctx: Context, name: string): Promise<void> {
  const { config, message, sshConfigFile, hostname } = await inspectInstance(ctx, drivers, name);
  const how = config?.plain === true ? `ssh -F "${sshConfigFile}" ${hostname}` : shellHint(name);
  ctx.log.info(`READY. Run \`${how}\` to open the shell.`);
  if (message.trim() === "") return;
  ctx.log.info(`Message from the instance "${name}":`);
  writeAll(2, `${message.trimEnd()}\n`);
}
