import { drivers } from "../drivers/registry.ts";
import { editConfig } from "../lib/instance/edit.ts";
import { restartInstance } from "../lib/instance/restart.ts";
import { command } from "./cli/define.ts";
import { editsOf } from "./cli/edits.ts";
import { EDIT_FLAGS } from "./cli/flags.ts";
import { warnAboutRoot } from "./new-instance.ts";
import { announceReady } from "./ready.ts";
import { DEFAULT_TIMEOUT_MS } from "./start.ts";

export default command({
  args: {
    ...EDIT_FLAGS,
    force: { type: "boolean", alias: "f", description: "Kill at once instead of asking the guest to power down" },
  },
  usage: "[NAME]",
  positionals: [0, 1],
  details: `Without an argument the instance "default" is restarted. Flags change its configuration first.`,
  async run({ flags, rest, ctx }) {
    warnAboutRoot(ctx);
    const name = rest[0] ?? "default";
    if (await editConfig(ctx, drivers, name, editsOf(flags))) ctx.log.info(`Edited the configuration of instance "${name}"`);
    await restartInstance(ctx, drivers, name, { timeoutMs: DEFAULT_TIMEOUT_MS, force: flags.force === true });
    await announceReady(ctx, name);
  },
});
