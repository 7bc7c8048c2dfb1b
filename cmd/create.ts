import { drivers } from "../drivers/registry.ts";
import { resolveTarget } from "../lib/instance/target.ts";
import { instanceExistsError } from "../lib/store/instance.ts";
import { command } from "./cli/define.ts";
import { editsOf } from "./cli/edits.ts";
import { CREATE_FLAGS } from "./cli/flags.ts";
import { createFromTarget, warnAboutRoot } from "./new-instance.ts";

export default command({
  args: {
    ...CREATE_FLAGS,
    "list-templates": { type: "boolean", description: "Show the names of the templates and exit" },
    "list-drivers": { type: "boolean", description: "Show the names of the hypervisor drivers and exit" },
  },
  usage: "[NAME | TEMPLATE]",
  positionals: [0, 1],
  details: `TEMPLATE is template:NAME, a file, a URL, or - for stdin (with --name). Without one it is template:default.`,
  examples: ["create", "create template:debian-12", "create --name=web --cpus=2 --memory=2 template:default", "create ./my.yaml"],
  async run({ flags, rest, ctx, out }) {
    if (flags["list-drivers"] === true) return out.write(Object.keys(drivers).map((name) => `${name}\n`).join(""));
    if (flags["list-templates"] === true) {
      const { listTemplates } = await import("../lib/template/store.ts");
      const templates = await listTemplates(ctx);
      return out.write(templates.filter(({ name }) => !name.split("/").some((part) => part.startsWith("_"))).map(({ name }) => `${name}\n`).join(""));
    }
    warnAboutRoot(ctx);
    const target = await resolveTarget(ctx, { argument: rest[0], name: flags.name });
    if (target.kind === "existing") throw instanceExistsError(target.name);
    await createFromTarget(ctx, target, editsOf(flags));
    ctx.log.info(`Run "lima start${target.name === "default" ? "" : ` ${target.name}`}" to start the instance`);
  },
});
