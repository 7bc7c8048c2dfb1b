import { LimaError } from "../lib/base/errors.ts";
import { renderTemplate } from "../lib/base/template/render.ts";
import { stringifyYaml } from "../lib/config/yaml.ts";
import type { Instance } from "../lib/instance/inspect.ts";
import { type HostFacts, instanceRecord } from "../lib/instance/record.ts";
import { ListedInstance } from "../lib/instance/template-fields.ts";
import { instanceRules } from "../lib/instance/template-rules.ts";
import { LIST_FUNCTIONS } from "./list-functions.ts";

export interface FormatOptions {
  /** No other document comes before it. */
  readonly first: boolean;
  readonly terminal: boolean;
}

/** A record, or a part of one, as lines of JSON or a document of YAML; a text alone is raw in JSON. */
export function formatRecord(record: unknown, format: "json" | "yaml", { first, terminal }: FormatOptions): string {
  if (format === "json") return `${typeof record === "string" ? record : JSON.stringify(record, undefined, terminal ? 4 : undefined)}\n`;
  return `${first ? "" : "---\n"}${stringifyYaml(record)}`;
}

/** One instance in a format other than the table: `json`, `yaml`, or a template. Gives whole lines. */
export function formatInstance(instance: Instance, host: HostFacts, format: string, options: FormatOptions): string {
  if (format === "json" || format === "yaml") return formatRecord(instanceRecord(instance, host), format, options);
  const record = new ListedInstance(instance, host);
  const result = renderTemplate(format, record, { ...instanceRules(record, instance.config), functions: LIST_FUNCTIONS });
  if ("text" in result) return `${result.text}\n`;
  throw new LimaError("TEMPLATE", `cannot fill in template: line ${result.line}, column ${result.column}: ${result.reason}`);
}
