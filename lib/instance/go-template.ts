import { LimaError } from "../base/errors.ts";

/** What a template can name: fields, and functions that take one field. */
export interface TemplateScope {
  /** Value of `.A.B`, given as `["A", "B"]` (`[]` for the dot alone). Undefined: there is no such field. */
  readonly field: (path: readonly string[]) => unknown;
  readonly functions?: Readonly<Record<string, (value: unknown) => string>>;
}

/** Go's own words, which scripts look for. */
const NO_FIELD = "can't evaluate field";

const ACTION = /\{\{(-?)\s*(.*?)\s*(-?)\}\}/gs;
const FIELD = /^(?:([a-z]+)\s+)?(\.[A-Za-z0-9_.]*)$/;

function text(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "string") return value;
  return Array.isArray(value) ? `[${value.map(text).join(" ")}]` : JSON.stringify(value);
}

/**
 * Fills a Go template of the simple kind: text around `{{.Field}}`, `{{.Map.key}}`, `{{func .Field}}`, with `{{-` and
 * `-}}` trimming. Throws LimaError `TEMPLATE` for anything else, and for a field that does not exist.
 */
export function renderTemplate(template: string, scope: TemplateScope): string {
  let out = "";
  let at = 0;
  let trimNext = false;
  const literal = (part: string): string => (trimNext ? part.trimStart() : part);
  for (const match of template.matchAll(ACTION)) {
    const [all, trimLeft, action = "", trimRight] = match;
    const before = literal(template.slice(at, match.index));
    out += trimLeft === "-" ? before.trimEnd() : before;
    at = match.index + all.length;
    trimNext = trimRight === "-";
    const field = FIELD.exec(action);
    const fn = field?.[1] === undefined ? undefined : scope.functions?.[field[1]];
    if (!field || (field[1] !== undefined && !fn)) {
      throw new LimaError("TEMPLATE", `cannot use template action {{${action}}}: only fields like {{.Name}}${scope.functions ? ` and {{${Object.keys(scope.functions)[0] ?? ""} .}}` : ""} are supported`);
    }
    const path = (field[2] ?? "").split(".").filter((step) => step !== "");
    const value = scope.field(path);
    if (value === undefined) throw new LimaError("TEMPLATE", `cannot fill in template: ${NO_FIELD} ${path.join(".")}`);
    out += fn ? fn(value) : text(value);
  }
  const rest = literal(template.slice(at));
  if (rest.includes("{{")) throw new LimaError("TEMPLATE", `cannot fill in template: unclosed action in ${JSON.stringify(rest)}`);
  return out + rest;
}
