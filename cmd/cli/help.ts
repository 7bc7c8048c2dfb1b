import type { Verb } from "../root.ts";
import { flagNames } from "./argv.ts";
import type { Command, FlagsDef } from "./define.ts";
import { GLOBAL_FLAGS, ROOT_FLAGS } from "./flags.ts";

const COLUMNS = 110;

/** Text broken at spaces into lines of at most `width` columns. */
function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

/** Two columns, the second wrapped. */
function entries(rows: readonly (readonly [string, string])[]): string {
  const left = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, text]) => {
    const [first = "", ...more] = wrap(text, COLUMNS - left - 5);
    return [`  ${name.padEnd(left)}   ${first}`, ...more.map((line) => `${" ".repeat(left + 5)}${line}`)].join("\n");
  }).join("\n");
}

function flagRows(defs: FlagsDef): (readonly [string, string])[] {
  return Object.entries(defs)
    .filter(([, def]) => def.hidden !== true)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, def]) => {
      const value = def.type === "boolean" ? "" : ` ${def.valueHint ?? "VALUE"}`;
      return [`${def.alias === undefined ? "    " : ""}${flagNames(name, def)}${value}`, def.description ?? ""] as const;
    });
}

const TITLES = { basic: "Basic commands:", advanced: "Advanced commands:" } as const;

/** The page of the program itself. `program` is the name it was called by. */
export function rootHelp(program: string, verbs: Readonly<Record<string, Verb>>): string {
  const groups = (["basic", "advanced"] as const).map((group) => {
    const rows = Object.entries(verbs).filter(([, v]) => v.group === group).toSorted(([a], [b]) => (a < b ? -1 : 1));
    return `${TITLES[group]}\n${entries(rows.map(([name, v]) => [name, v.summary]))}`;
  });
  const usage = program === "lima"
    ? [
        "  lima COMMAND [FLAGS] [ARGUMENTS]    one of the commands below",
        "  lima [SHELL FLAGS] WORD...          any other word: run it in the instance $LIMA_INSTANCE (default: default)",
        "  lima -- WORD...                     always run it in the instance",
        "  lima                                open a shell in the instance",
      ].join("\n")
    : `  ${program} [FLAGS] COMMAND [ARGUMENTS]`;
  return `Lima: Linux machines

Usage:
${usage}

${groups.join("\n\n")}

Flags:
${entries(flagRows(ROOT_FLAGS))}

Run "${program} COMMAND --help" for more about a command.
`;
}

/** The page of one verb. */
export function commandHelp(program: string, name: string, verb: Verb, command: Command): string {
  const own = flagRows(command.args);
  const sections = [
    `${verb.summary}`,
    `Usage:\n  ${[program, name, own.length > 0 ? "[FLAGS]" : "", command.usage].filter((w) => w !== "").join(" ")}`,
    ...(verb.aliases && program !== "lima" ? [`Aliases:\n  ${verb.aliases.join(", ")}`] : []),
    ...(command.details === undefined ? [] : [command.details.trim()]),
    ...(command.examples ? [`Examples:\n${command.examples.map((e) => `  ${program} ${e}`).join("\n")}`] : []),
    ...(own.length > 0 ? [`Flags:\n${entries(own)}`] : []),
    `Global flags:\n${entries(flagRows(GLOBAL_FLAGS))}`,
  ];
  return `${sections.join("\n\n")}\n`;
}
