import { drivers } from "../drivers/registry.ts";
import { stopInstances } from "../lib/instance/stop.ts";
import { command } from "./cli/define.ts";

export default command({
  args: {
    force: { type: "boolean", alias: "f", description: "Kill at once instead of asking the guest to power down" },
  },
  usage: "[NAME]...",
  positionals: [0, Number.POSITIVE_INFINITY],
  details: `Without an argument the instance "default" is stopped. A guest has 3 minutes to power down, then it is killed.`,
  async run({ flags, rest, ctx }) {
    await stopInstances(ctx, drivers, rest.length > 0 ? rest : ["default"], flags.force === true);
  },
});
