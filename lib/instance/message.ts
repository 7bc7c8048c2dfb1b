import { renderTemplate } from "../base/template/render.ts";
import type { HostFacts } from "./record.ts";
import { templateFields, type Unfinished } from "./template-fields.ts";
import { instanceRules } from "./template-rules.ts";

/**
 * The `message` of an instance's configuration, which may name its facts: `{{.Name}}`, `{{.Dir}}`, `{{.Param.KEY}}` and
 * the other fields of `list --format`. A message that cannot be filled in is given as it was written, with an error.
 */
export function renderMessage(instance: Unfinished, host: HostFacts): { readonly text: string; readonly errors: readonly string[] } {
  const message = instance.config?.message ?? "";
  if (!message.includes("{{")) return { text: message, errors: [] };
  const fields = templateFields(instance, host);
  const result = renderTemplate(message, fields, instanceRules(fields, instance.config));
  if ("text" in result) return { text: result.text, errors: [] };
  const what = result.syntax ? "is not a valid template" : "cannot be filled in";
  return { text: message, errors: [`field "message" ${what}: line ${result.line}, column ${result.column}: ${result.reason}`] };
}
