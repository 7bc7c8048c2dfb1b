import { drivers } from "../drivers/registry.ts";
import type { Context } from "../lib/base/context.ts";
import { ExitCode, LimaError } from "../lib/base/errors.ts";
import { isTerminal } from "../lib/host/terminal.ts";
import { connectionTo, isRunning, optionValue } from "../lib/instance/connect.ts";
import { loginShell } from "../lib/instance/login-shell.ts";
import { preservedEnv } from "../lib/instance/shell-env.ts";
import { shellScript } from "../lib/instance/shell-script.ts";
import { sshArgv } from "../lib/instance/ssh-argv.ts";
import { findOpenSsh, sshCommand } from "../lib/ssh/openssh.ts";
import { command } from "./cli/define.ts";
import { SHELL_FLAGS } from "./cli/flags.ts";
import { usageError } from "./cli/usage-error.ts";

/** Verbs that somebody more likely means than a program of the guest. */
const VERB_WORDS = new Set(["create", "start", "delete", "shell"]);

async function ensureRunning(ctx: Context, name: string, start: boolean | undefined): Promise<void> {
  if (await isRunning(ctx, drivers, name)) return;
  const stopped = new LimaError("NOT_RUNNING", `instance "${name}" is stopped`, { hint: `run "lima start ${name}" to start it` });
  if (start === false) throw stopped;
  if (start === undefined) {
    if (!ctx.tty || !isTerminal(0)) throw stopped;
    const { askYesNo } = await import("./cli/ask.ts");
    if (!askYesNo(`Instance "${name}" is stopped. Start it now?`)) throw stopped;
  }
  const [{ startInstance }, { DEFAULT_TIMEOUT_MS }] = await Promise.all([import("../lib/instance/start.ts"), import("./start.ts")]);
  await startInstance(ctx, drivers, name, { timeoutMs: DEFAULT_TIMEOUT_MS });
}

/** Closes the shared connection: the next ssh logs in anew, as is needed after a change of groups or of agent forwarding. */
async function reconnect(ctx: Context, options: readonly string[]): Promise<void> {
  const [{ exec }, { existsSync, rmSync }] = await Promise.all([import("../lib/base/exec.ts"), import("node:fs")]);
  const path = optionValue(options, "ControlPath");
  if (path === undefined || !existsSync(path)) return;
  const { exitCode, stderr } = await exec([...sshCommand(ctx.env), "-F", "/dev/null", "-o", `ControlPath="${path}"`, "-O", "exit", "127.0.0.1"], { signal: ctx.signal });
  if (exitCode === 0) return;
  ctx.log.debug(`no ssh connection to close: ${stderr.trim()}`);
  rmSync(path, { force: true });
}

export default command({
  args: SHELL_FLAGS,
  usage: "NAME [COMMAND...]",
  positionals: [0, Number.POSITIVE_INFINITY],
  stopAtFirstWord: true,
  details: `Without COMMAND a login shell is opened. Flags must stand before NAME; all that follows belongs to the command.
The exit code is the command's. "lima COMMAND..." does the same in the instance $LIMA_INSTANCE.`,
  examples: ["shell default", "shell --workdir=/tmp default ls -la", "shell default -- ls -la"],
  async run({ flags, rest, ctx }) {
    const [name, ...words] = flags.instance === undefined ? rest : [flags.instance, ...rest];
    if (name === undefined) throw usageError("requires the name of an instance", 'run "lima shell --help"');
    const guestCommand = flags.instance === undefined && words[0] === "--" ? words.slice(1) : words;
    if (VERB_WORDS.has(guestCommand[0] ?? "")) ctx.log.warn(`running "${guestCommand[0]}" in the instance: for the command of Lima run "limactl ${guestCommand[0]}"`);
    await ensureRunning(ctx, name, flags.start);
    const { dir, port, options } = await connectionTo(ctx, name);
    if (flags.reconnect === true) await reconnect(ctx, options);
    const script = shellScript({
      workdir: flags.workdir === "" ? undefined : flags.workdir,
      env: flags["preserve-env"] === true ? preservedEnv(ctx.env) : {},
      shell: flags.shell === undefined || flags.shell === "" ? await loginShell(ctx, name, dir) : flags.shell,
      command: guestCommand,
    });
    const tty = isTerminal(1);
    const openSsh = await findOpenSsh(ctx.env, ctx.cacheDir);
    if (!openSsh) return builtInClient(options, port, script, tty);
    const [, ...args] = sshCommand(ctx.env);
    const argv = sshArgv({ ssh: [openSsh.path, ...args], options, port, tty, version: openSsh.version, sendColorterm: ctx.env["COLORTERM"] !== undefined, script });
    ctx.log.debug(`running ${JSON.stringify(argv)}`);
    const { replaceProcess } = await import("../lib/host/replace.ts");
    replaceProcess(argv);
  },
});

/** For hosts without OpenSSH. */
async function builtInClient(options: readonly string[], port: number, script: string, tty: boolean): Promise<void> {
  const { runInteractive } = await import("../lib/ssh/interactive.ts");
  const user = optionValue(options, "User") ?? "";
  const identityFile = optionValue(options, "IdentityFile") ?? "";
  const code = await runInteractive({ port, user, identityFile }, script, tty, { stdin: process.stdin, stdout: process.stdout, stderr: process.stderr });
  if (code !== 0) throw new ExitCode(code);
}
