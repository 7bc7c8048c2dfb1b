import type { MissingField } from "../base/template/evaluate.ts";
import { renderTemplate, type TemplateRules } from "../base/template/render.ts";
import { didYouMean } from "./suggest.ts";

/** Variables of a text: plain values, and maps that are reached with another dot. */
export interface TextData {
  readonly [name: string]: string | number | boolean | TextData;
}

export interface ExpandFault {
  readonly reason: string;
  /** Line in the text, from 0. */
  readonly line: number;
}

function missing({ name, owner, value }: MissingField): string {
  if (typeof value !== "object" || value === null) return `variable "{{${owner || "."}}}" has no part "${name}"`;
  const wanted = `{{${owner}.${name}}}`;
  return `unknown variable "${wanted}"${didYouMean(wanted, Object.keys(value).map((key) => `{{${owner}.${key}}}`))}`;
}

const RULES: TemplateRules = {
  missing,
  hint: didYouMean,
  // Go would write map[...]: never what a script wants.
  printable: (value, written) => (typeof value === "object" && value !== null ? `variable "{{${written || "."}}}" is a map, name one of its keys` : undefined),
};

/**
 * Replaces the actions of a text, `{{.Name}}`, `{{if eq .Param.X "a"}}...{{end}}` and all else of Go's text/template,
 * once: a value is inserted raw. A variable that does not exist is a fault: nothing is ever replaced by a guess.
 * `index .Param "X"` is "" for a parameter that may be missing.
 */
export function expandText(text: string, data: TextData): { readonly text: string } | ExpandFault {
  const result = renderTemplate(text, data, RULES);
  return "text" in result ? result : { reason: result.reason, line: result.line - 1 };
}
