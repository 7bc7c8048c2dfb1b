import type { Context } from "../lib/base/context.ts";
import { parseArgv, type Parsed } from "./cli/argv.ts";
import { checkPositionals } from "./cli/check.ts";
import type { Command, FlagsDef } from "./cli/define.ts";
import { GLOBAL_FLAGS, type GlobalFlags, ROOT_FLAGS, SHELL_FLAGS } from "./cli/flags.ts";
import type { Output } from "./cli/output.ts";
import { usageError } from "./cli/usage-error.ts";
import { findVerb, verbs } from "./root.ts";

/** What the dispatcher needs of the process around it. */
export interface Process {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly out: Output;
  readonly context: (flags: GlobalFlags) => Context;
  readonly version: string;
}

const splitOff = (flags: Parsed["flags"]): { readonly globals: Parsed["flags"]; readonly own: Parsed["flags"] } => {
  const pick = (wanted: boolean): Parsed["flags"] => Object.fromEntries(Object.entries(flags).filter(([name]) => Object.hasOwn(ROOT_FLAGS, name) === wanted));
  return { globals: pick(true), own: pick(false) };
};

async function run(command: Command, proc: Process, globals: Parsed["flags"], parsed: Parsed): Promise<void> {
  await command.run({ flags: parsed.flags, rest: parsed.rest, dash: parsed.dash, ctx: proc.context(globals), out: proc.out });
}

/** Runs `lima shell` with flags already taken apart. */
async function runShell(proc: Process, globals: Parsed["flags"], own: Parsed["flags"], words: readonly string[]): Promise<void> {
  const { default: shell } = await import("./shell.ts");
  await run(shell, proc, globals, { flags: own, rest: words, dash: undefined });
}

async function showHelp(program: string, proc: Process, names: readonly string[], aliases: boolean): Promise<void> {
  const { commandHelp, rootHelp } = await import("./cli/help.ts");
  const [topic] = names;
  if (topic === undefined) return proc.out.write(rootHelp(program, verbs));
  const found = findVerb(topic, aliases);
  if (!found) throw await unknownCommand(program, topic);
  const { default: command } = await found[1].load();
  proc.out.write(commandHelp(program, found[0], found[1], command));
}

function verbNames(): readonly string[] {
  return Object.entries(verbs).filter(([, v]) => v.group !== "hidden").map(([name]) => name);
}

async function unknownCommand(program: string, word: string): Promise<Error> {
  const { suggestions } = await import("./cli/suggest.ts");
  const near = suggestions(word, verbNames());
  const hint = near.length > 0 ? `did you mean this? ${near.join(", ")}` : `run "${program} --help" for the list of commands`;
  return usageError(`unknown command ${JSON.stringify(word)} for "${program}"`, hint);
}

/** Runs a verb: its flags, and the global ones again, may stand anywhere after it. */
async function runVerb(program: string, proc: Process, before: Parsed["flags"], name: string, words: readonly string[]): Promise<void> {
  const aliases = program !== "lima";
  if (name === "help") return showHelp(program, proc, words.filter((w) => !w.startsWith("-")), aliases);
  const found = findVerb(name, aliases);
  if (!found) throw await unknownCommand(program, name);
  const { default: command } = await found[1].load();
  const defs: FlagsDef = { ...GLOBAL_FLAGS, ...command.args };
  const parsed = parseArgv(words, defs, { stopAtFirstWord: command.stopAtFirstWord === true });
  const { globals, own } = splitOff(parsed.flags);
  if (globals["help"] === true) return showHelp(program, proc, [found[0]], aliases);
  checkPositionals(`${program} ${found[0]}`, command, parsed.rest);
  await run(command, proc, { ...before, ...globals }, { ...parsed, flags: own });
}

/** `limactl`: verbs and nothing else. */
export async function runLimactl(proc: Process, argv: readonly string[]): Promise<void> {
  const { flags, rest } = parseArgv(argv, ROOT_FLAGS, { stopAtFirstWord: true });
  if (flags["version"] === true && flags["help"] !== true) return proc.out.write(versionLine(proc));
  const [name, ...words] = rest;
  if (flags["help"] === true || name === undefined) return showHelp("limactl", proc, [], true);
  await runVerb("limactl", proc, flags, name, words);
}

/**
 * `lima`: the verbs, and any other word is a command for the instance `$LIMA_INSTANCE`. Flags of `lima shell` may come
 * first and, like `--`, settle that it is one.
 */
export async function runLima(proc: Process, argv: readonly string[]): Promise<void> {
  const { flags, rest, dash } = parseArgv(argv, { ...ROOT_FLAGS, ...SHELL_FLAGS }, { stopAtFirstWord: true });
  const { globals, own } = splitOff(flags);
  if (globals["help"] === true) return showHelp("lima", proc, [], false);
  if (globals["version"] === true) return proc.out.write(versionLine(proc));
  const [name, ...words] = rest;
  const forGuest = dash !== undefined || Object.keys(own).length > 0;
  if (!forGuest && name !== undefined && (name === "help" || findVerb(name, false))) return runVerb("lima", proc, globals, name, words);
  const { defaultInstance, guestFlags, hasInstance } = await import("./guest-command.ts");
  if (!forGuest && !hasInstance(proc.context(globals), defaultInstance(proc.env))) {
    if (name === undefined) return showHelp("lima", proc, [], false);
    // There is nowhere to run it, so it may well be a verb with a slip of the finger.
    const { suggestions } = await import("./cli/suggest.ts");
    if (suggestions(name, verbNames()).length > 0) throw await unknownCommand("lima", name);
  }
  await runShell(proc, globals, guestFlags(proc.env, own), rest);
}

export function versionLine(proc: Pick<Process, "version">): string {
  return `limactl version ${proc.version}\n`;
}
