import { renderTemplate } from "../lib/instance/go-template.ts";
import type { Instance } from "../lib/instance/inspect.ts";
import { type HostFacts, instanceRecord } from "../lib/instance/record.ts";
import { templateFields } from "./list-fields.ts";

export interface FormatOptions {
  /** No other document comes before it. */
  readonly first: boolean;
  readonly terminal: boolean;
}

/** A record, or a part of one, as lines of JSON or a document of YAML; a text alone is raw in JSON. */
export async function formatRecord(record: unknown, format: "json" | "yaml", { first, terminal }: FormatOptions): Promise<string> {
  if (format === "json") return `${typeof record === "string" ? record : JSON.stringify(record, undefined, terminal ? 4 : undefined)}\n`;
  const { stringifyYaml } = await import("../lib/config/yaml.ts");
  return `${first ? "" : "---\n"}${stringifyYaml(record)}`;
}

/** One instance in a format other than the table: `json`, `yaml`, or a template. Gives whole lines. */
export async function formatInstance(instance: Instance, host: HostFacts, format: string, options: FormatOptions): Promise<string> {
  if (format === "json" || format === "yaml") return formatRecord(instanceRecord(instance, host), format, options);
  const fields = templateFields(instance, host);
  const text = renderTemplate(format, {
    field: (path) => {
      let at: unknown = path.length === 0 ? instanceRecord(instance, host) : fields;
      for (const step of path) at = typeof at === "object" && at !== null && Object.hasOwn(at, step) ? (at as Record<string, unknown>)[step] : undefined;
      return at;
    },
    functions: { json: (value) => JSON.stringify(value) },
  });
  return `${text}\n`;
}
