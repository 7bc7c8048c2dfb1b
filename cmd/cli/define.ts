import type { BooleanArgDef, StringArgDef } from "citty";
import type { Context } from "../../lib/base/context.ts";
import type { Output } from "./output.ts";

/**
 * How the text of a flag becomes its value. `text` is the text; `int` and `port` take 0x, 0o and 0b; `duration` is Go's
 * syntax and gives milliseconds; `list` is repeatable and comma-separated with CSV quotes; `texts` is repeatable and
 * never split.
 */
export type ValueKind = "text" | "int" | "float" | "port" | "duration" | "list" | "texts";

interface Extra {
  /** Left out of the help page. */
  readonly hidden?: boolean;
}

/** One flag: citty's definition without what the parser must not do (defaults: only flags that were given count). */
export type BooleanFlag = Readonly<Omit<BooleanArgDef, "default" | "required" | "alias" | "negativeDescription">> & { readonly type: "boolean"; readonly alias?: string } & Extra;
export type ValueFlag = Readonly<Omit<StringArgDef, "default" | "required" | "alias">> & { readonly type: "string"; readonly as?: ValueKind; readonly alias?: string } & Extra;
export type FlagDef = BooleanFlag | ValueFlag;
export type FlagsDef = Readonly<Record<string, FlagDef>>;

export type FlagValue = boolean | number | string | readonly string[];

type ValueOf<F> = F extends { type: "boolean" } ? boolean
  : F extends { as: "int" | "float" | "port" | "duration" } ? number
  : F extends { as: "list" | "texts" } ? readonly string[]
  : string;

/** The flags that were given, by name; a misspelt one is a type error. */
export type Flags<T extends FlagsDef> = { readonly [K in keyof T & string]?: ValueOf<T[K]> };

export interface Invocation<T extends FlagsDef> {
  readonly flags: Flags<T>;
  /** Everything that is no flag, in order. */
  readonly rest: readonly string[];
  /** How many of `rest` stood before `--`; undefined when there was none. */
  readonly dash: number | undefined;
  readonly ctx: Context;
  /** stdout, for results. */
  readonly out: Output;
}

export interface CommandDef<T extends FlagsDef> {
  readonly args: T;
  /** What follows the verb in its usage line: `[NAME]`, `INST...`. */
  readonly usage: string;
  /** How many words it takes besides flags: `[least, most]`. */
  readonly positionals: readonly [number, number];
  /** The first word that is no flag ends the flags: the rest belongs to another program. */
  readonly stopAtFirstWord?: boolean;
  /** Lines of the help page between the summary and the flags. */
  readonly details?: string;
  readonly examples?: readonly string[];
  run(invocation: Invocation<T>): Promise<void>;
}

/** A command without its flag types: what the dispatcher works with. */
export interface Command extends Omit<CommandDef<FlagsDef>, "run"> {
  run(invocation: Omit<Invocation<FlagsDef>, "flags"> & { readonly flags: Readonly<Record<string, FlagValue>> }): Promise<void>;
}

/** Defines a verb. The name, summary and group stand in cmd/root.ts, so that the list of verbs loads none of them. */
export function command<const T extends FlagsDef>(def: CommandDef<T>): Command {
  // The parser fills `flags` by the same definition, which is what makes the narrower type true.
  return def as unknown as Command;
}
