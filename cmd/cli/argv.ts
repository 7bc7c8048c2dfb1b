import type { FlagDef, FlagsDef, FlagValue, ValueKind } from "./define.ts";
import { usageError } from "./usage-error.ts";
import { parseBoolean, parseCsv, parseDuration, parseFloatStrict, parseInteger, parsePort } from "./values.ts";

export interface ParseOptions {
  /** The first word that is no flag ends the flags. */
  readonly stopAtFirstWord?: boolean;
}

export interface Parsed {
  /** Flags that were given, by name. */
  readonly flags: Readonly<Record<string, FlagValue>>;
  /** Words that are no flags. */
  readonly rest: readonly string[];
  /** How many of `rest` stood before `--`; undefined when there was none. */
  readonly dash: number | undefined;
}

/** `-f, --force`: how messages and help pages name a flag. */
export function flagNames(name: string, flag: FlagDef): string {
  return flag.alias === undefined ? `--${name}` : `-${flag.alias}, --${name}`;
}

function valueOf(flag: FlagDef, text: string, before: FlagValue | undefined): FlagValue {
  if (flag.type === "boolean") return parseBoolean(text);
  const list = Array.isArray(before) ? (before as readonly string[]) : [];
  const kind: ValueKind = flag.as ?? "text";
  switch (kind) {
    case "int": return parseInteger(text);
    case "port": return parsePort(text);
    case "float": return parseFloatStrict(text);
    case "duration": return parseDuration(text);
    case "list": return [...list, ...parseCsv(text)];
    case "texts": return [...list, text];
    case "text": return text;
  }
}

function convert(name: string, flag: FlagDef, text: string, before: FlagValue | undefined): FlagValue {
  try {
    return valueOf(flag, text, before);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw usageError(`invalid argument ${JSON.stringify(text)} for "${flagNames(name, flag)}" flag: ${error.message}`);
  }
}

/**
 * Takes a command line apart by the rules scripts know from the Go program (POSIX with GNU long options): flags and words
 * in any order, `--x v`, `--x=v`, `-xv`, `-x v`, `-x=v`, grouped short booleans; a boolean takes a value only after `=`;
 * `--` ends the flags. The last value of a flag wins, lists grow. Throws LimaError `USAGE`.
 */
export function parseArgv(argv: readonly string[], defs: FlagsDef, options: ParseOptions = {}): Parsed {
  const flags: Record<string, FlagValue> = {};
  const rest: string[] = [];
  const byAlias = new Map(Object.entries(defs).flatMap(([name, def]) => (def.alias === undefined ? [] : [[def.alias, name] as const])));
  const set = (name: string, def: FlagDef, text: string): void => { flags[name] = convert(name, def, text, flags[name]); };
  let at = 0;

  const long = (word: string): void => {
    const equals = word.indexOf("=");
    const name = word.slice(2, equals < 0 ? undefined : equals);
    const def = Object.hasOwn(defs, name) ? defs[name] : undefined;
    if (!def) throw usageError(`unknown flag: --${name}`);
    if (equals >= 0) return set(name, def, word.slice(equals + 1));
    if (def.type === "boolean") { flags[name] = true; return; }
    const value = argv[at++];
    if (value === undefined) throw usageError(`flag needs an argument: --${name}`);
    set(name, def, value);
  };

  const short = (word: string): void => {
    for (let i = 1; i < word.length; i++) {
      const letter = word.charAt(i);
      const name = byAlias.get(letter);
      const def = name === undefined ? undefined : defs[name];
      if (name === undefined || !def) throw usageError(`unknown shorthand flag: '${letter}' in ${word}`);
      const after = word.slice(i + 1);
      if (after.startsWith("=")) return set(name, def, after.slice(1));
      if (def.type === "boolean") { flags[name] = true; continue; }
      const value = after === "" ? argv[at++] : after;
      if (value === undefined) throw usageError(`flag needs an argument: '${letter}' in ${word}`);
      return set(name, def, value);
    }
  };

  // Whoever asks for help gets it, whatever else is wrong with the line.
  while (at < argv.length && flags["help"] !== true) {
    const word = argv[at++] ?? "";
    if (word === "--") return { flags, rest: [...rest, ...argv.slice(at)], dash: rest.length };
    if (word.startsWith("--")) long(word);
    else if (word.startsWith("-") && word !== "-") short(word);
    else if (options.stopAtFirstWord === true) return { flags, rest: argv.slice(at - 1), dash: undefined };
    else rest.push(word);
  }
  return { flags, rest, dash: undefined };
}
