import { drivers } from "../drivers/registry.ts";
import { deleteInstance } from "../lib/instance/delete.ts";
import { command } from "./cli/define.ts";

export default command({
  args: {
    force: { type: "boolean", alias: "f", description: "Also when it runs or is broken" },
  },
  usage: "NAME...",
  positionals: [1, Number.POSITIVE_INFINITY],
  details: "Stops at the first instance that cannot be deleted. Nothing is asked.",
  async run({ flags, rest, ctx }) {
    for (const name of rest) await deleteInstance(ctx, drivers, name, flags.force === true);
  },
});
