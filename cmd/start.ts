import { drivers } from "../drivers/registry.ts";
import { editConfig } from "../lib/instance/edit.ts";
import { attend } from "../lib/instance/foreground.ts";
import { startInstance } from "../lib/instance/start.ts";
import { resolveTarget } from "../lib/instance/target.ts";
import { instanceDir } from "../lib/store/dirs.ts";
import { command } from "./cli/define.ts";
import { editsOf, givenNewFlags } from "./cli/edits.ts";
import { CREATE_FLAGS } from "./cli/flags.ts";
import { createFromTarget, warnAboutRoot } from "./new-instance.ts";
import { announceReady, shellHint } from "./ready.ts";

/** Also what a `--timeout` of 0 or less means. */
export const DEFAULT_TIMEOUT_MS = 10 * 60_000;

export default command({
  args: {
    ...CREATE_FLAGS,
    timeout: { type: "string", as: "duration", valueHint: "DURATION", description: "How long to wait until the instance is ready (default 10m)" },
    foreground: { type: "boolean", description: "Stay until the instance ends; Ctrl-C stops it" },
  },
  usage: "[NAME | TEMPLATE]",
  positionals: [0, 1],
  details: `Without an argument the instance "default" is started. A NAME that does not exist is made from template:default;
a TEMPLATE (template:NAME, a file, a URL, or - for stdin) always makes a new instance.`,
  examples: ["start", "start web", "start --name=web --cpus=2 template:default"],
  async run({ flags, rest, ctx }) {
    warnAboutRoot(ctx);
    const target = await resolveTarget(ctx, { argument: rest[0], name: flags.name });
    const { name } = target;
    if (target.kind === "new") await createFromTarget(ctx, target, editsOf(flags));
    else {
      ctx.log.info(`Using the existing instance "${name}"`);
      const ignored = givenNewFlags(flags);
      if (ignored.length > 0) ctx.log.warn(`ignoring ${ignored.map((f) => `--${f}`).join(", ")}: only for new instances, see "lima create"`);
      const { arch: _arch, plain: _plain, ...edits } = editsOf(flags);
      await editConfig(ctx, drivers, name, edits);
    }
    const timeoutMs = flags.timeout !== undefined && flags.timeout > 0 ? flags.timeout : DEFAULT_TIMEOUT_MS;
    const agent = await startInstance(ctx, drivers, name, { timeoutMs });
    if (agent === undefined) {
      ctx.log.info(`The instance "${name}" is already running. Run \`${shellHint(name)}\` to open the shell.`);
      return;
    }
    await announceReady(ctx, name);
    if (flags.foreground === true) await attend(ctx, name, instanceDir(ctx.home, name), agent);
  },
});
