import { drivers } from "../drivers/registry.ts";
import { LimaError } from "../lib/base/errors.ts";
import { exists } from "../lib/host/files.ts";
import { inspectInstance } from "../lib/instance/inspect.ts";
import { identityPaths } from "../lib/ssh/identity.ts";
import { sshOptions } from "../lib/ssh/options.ts";
import { command } from "./cli/define.ts";
import { usageError } from "./cli/usage-error.ts";
import { SSH_FORMATS, sshText } from "./ssh-formats.ts";

export default command({
  args: {
    format: { type: "string", alias: "f", valueHint: "FORMAT", description: `One of ${SSH_FORMATS.join(", ")} (default cmd)` },
  },
  usage: "NAME",
  positionals: [1, 1],
  details: `Deprecated: every started instance has a file ssh.config, use ssh -F with it.`,
  async run({ flags, rest, ctx, out }) {
    const [name = ""] = rest;
    const format = SSH_FORMATS.find((f) => f === (flags.format ?? "cmd"));
    if (!format) throw usageError(`invalid argument ${JSON.stringify(flags.format)} for "--format" flag: must be one of ${SSH_FORMATS.join(", ")}`);
    const { config, dir, hostname, sshLocalPort, sshConfigFile, errors } = await inspectInstance(ctx, drivers, name);
    if (!config) throw new LimaError("INSTANCE_BROKEN", `cannot show ssh options of instance "${name}": ${errors.join("; ")}`);
    ctx.log.warn(`show-ssh is deprecated: use "ssh -F ${sshConfigFile} ${hostname}"`);
    const { privateKey } = identityPaths(ctx.home);
    if (!(await exists(privateKey))) throw new LimaError("NO_IDENTITY", `cannot show ssh options: "${privateKey}" does not exist yet`, { hint: `run "lima start ${name}", which makes it` });
    const { user, ssh } = config;
    const options = await sshOptions({ home: ctx.home, dir, cacheDir: ctx.cacheDir, user: user.name, loadDotSSHPubKeys: ssh.loadDotSSHPubKeys, forwardAgent: ssh.forwardAgent, env: ctx.env });
    out.write(sshText(format, hostname, [...options, "Hostname=127.0.0.1", `Port=${sshLocalPort}`]));
  },
});
