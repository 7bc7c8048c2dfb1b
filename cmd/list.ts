import { join } from "node:path";
import { drivers } from "../drivers/registry.ts";
import type { Context } from "../lib/base/context.ts";
import { LimaError } from "../lib/base/errors.ts";
import { instanceNameProblem } from "../lib/config/identifier.ts";
import { hostArch } from "../lib/host/machine.ts";
import type { Instance } from "../lib/instance/inspect.ts";
import { listInstances } from "../lib/instance/list.ts";
import { instanceNames } from "../lib/store/dirs.ts";
import { instanceExists } from "../lib/store/instance.ts";
import { command } from "./cli/define.ts";
import type { Output } from "./cli/output.ts";
import { table } from "./cli/table.ts";
import { usageError } from "./cli/usage-error.ts";
import { cells, visibleColumns } from "./list-columns.ts";
import { FIELD_NAMES } from "./list-fields.ts";
import type { FormatOptions } from "./list-format.ts";

interface Wanted {
  /** Existing ones, in the order to print. */
  readonly names: readonly string[];
  /** Some that were asked for do not exist. */
  readonly unmatched: boolean;
}

function wantedNames(ctx: Context, asked: readonly string[]): Wanted {
  const known = instanceNames(ctx.home).filter((name) => {
    const problem = instanceNameProblem(name);
    if (problem !== undefined) ctx.log.warn(`ignoring directory "${join(ctx.home, name)}": the name of an instance ${problem}`);
    return problem === undefined;
  });
  if (asked.length === 0) {
    if (known.length === 0) ctx.log.warn('no instance found: run "lima start" to create one');
    return { names: known, unmatched: false };
  }
  const missing = asked.filter((name) => !known.includes(name));
  for (const name of missing) ctx.log.warn(`no instance matching "${name}" found`);
  return { names: asked.filter((name) => known.includes(name)), unmatched: missing.length > 0 };
}

function warnOf(ctx: Context, name: string, errors: readonly string[]): void {
  if (errors.length > 0) ctx.log.warn(`instance "${name}" has errors`, { errors: errors.join("; ") });
}

async function printTable(ctx: Context, out: Output, names: readonly string[], allFields: boolean): Promise<void> {
  if (names.length === 0) return;
  const rows = await listInstances(ctx, drivers, names);
  for (const row of rows) warnOf(ctx, row.name, row.errors);
  const columns = visibleColumns(rows, { width: allFields ? undefined : out.width, hostArch: hostArch() });
  out.write(table([columns, ...rows.map((row) => cells(row, columns, ctx.env["HOME"]))]));
}

/** Makes the text for one instance. */
type Format = (instance: Instance, options: FormatOptions) => string;

async function formatter(ctx: Context, format: string, expressions: readonly string[] | undefined): Promise<Format> {
  const { hostFacts } = await import("../lib/instance/host-facts.ts");
  const host = hostFacts(ctx);
  if (expressions !== undefined) {
    const { queryInstance } = await import("./list-query.ts");
    return (instance, options) => queryInstance(instance, host, expressions, format === "yaml" ? "yaml" : "json", options);
  }
  const { formatInstance } = await import("./list-format.ts");
  return (instance, options) => formatInstance(instance, host, format, options);
}

async function printRecords(ctx: Context, out: Output, names: readonly string[], format: Format): Promise<void> {
  const { inspectInstance } = await import("../lib/instance/inspect.ts");
  let first = true;
  for (const name of names) {
    // Deleted since its name was read: not an error of this command.
    if (!instanceExists(ctx.home, name)) continue;
    const instance = await inspectInstance(ctx, drivers, name);
    warnOf(ctx, name, instance.errors);
    const text = format(instance, { first, terminal: out.isTerminal });
    out.write(text);
    first &&= text === "";
  }
}

export default command({
  args: {
    format: { type: "string", alias: "f", valueHint: "FORMAT", description: "table, json, yaml, or a Go template such as '{{.Name}} {{.Status}}' (default table)" },
    json: { type: "boolean", description: "Same as --format=json" },
    quiet: { type: "boolean", alias: "q", description: "Names only" },
    "all-fields": { type: "boolean", description: "Show all columns, however narrow the terminal is" },
    "list-fields": { type: "boolean", description: "Show the names of the fields for templates" },
    yq: { type: "string", as: "texts", valueHint: "EXPR", description: "Show what a yq expression gives for each instance, as JSON or with --format=yaml; repeatable, each works on what the one before gives" },
    filter: { type: "string", as: "texts", alias: "l", valueHint: "EXPR", description: "Only instances for which a yq expression holds, such as '.status == \"Running\"'; repeatable" },
  },
  usage: "[NAME]...",
  positionals: [0, Number.POSITIVE_INFINITY],
  details: `STATUS is Running (also while booting), Stopped, Broken (no lima.yaml) or empty (a lima.yaml that cannot be read).
JSON and YAML give one document per instance; expressions see the same names.

A template is written in the language of Go's text/template: fields ({{.Name}}, see --list-fields; those of lima.yaml
are in {{.Config}}), if, range, with, variables, pipes, printf, eq and the others. {{json .}} and {{yaml .Config}} print
values whole, {{indent 4 TEXT}} moves lines to the right, {{missing "none" .Message}} stands in for what is empty.`,
  examples: ["list", "list --json default", "list --filter '.status == \"Running\"'", "list --yq .config.cpus default", "list --format '{{.Name}} {{.SSHLocalPort}}'", `list --format '{{if eq .Status "Running"}}{{.Name}}{{end}}'`],
  async run({ flags, rest, ctx, out }) {
    if (flags["list-fields"] === true) {
      for (const other of ["format", "yq", "filter"] as const) if (flags[other] !== undefined) throw usageError(`cannot use --list-fields together with --${other}`);
      return out.write(`${FIELD_NAMES.join("\n")}\n`);
    }
    if (flags.json === true && flags.format !== undefined) throw usageError("cannot use --json together with --format");
    const format = flags.json === true ? "json" : (flags.format ?? "table");
    const { yq, filter, quiet } = flags;
    if (quiet === true && format !== "table" && yq === undefined && filter === undefined) throw usageError("cannot use --quiet together with another format than table");
    const { names: all, unmatched } = wantedNames(ctx, rest);
    const names = filter === undefined ? all : await (await import("./list-query.ts")).matchingNames(ctx, all, filter);
    if (yq !== undefined) await printRecords(ctx, out, names, await formatter(ctx, format, quiet === true ? [...yq, ".name"] : yq));
    else if (quiet === true) out.write(names.map((name) => `${name}\n`).join(""));
    else if (format === "table") await printTable(ctx, out, names, flags["all-fields"] === true);
    else await printRecords(ctx, out, names, await formatter(ctx, format, undefined));
    if (unmatched) throw new LimaError("INSTANCE_NOT_FOUND", "unmatched instances");
  },
});
