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

// An action: {{ with an optional trim mark, one operand, an optional trim mark and }}.
const FIELD = String.raw`\.[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*`;
const ACTION = new RegExp(String.raw`\{\{(-(?=\s))?\s*(?:(\/\*[^]*?\*\/)|(${FIELD})|("(?:[^"\\\n]|\\.)*")|${"`"}([^${"`"}]*)${"`"})((?<=\s)-|\s+-)?\s*\}\}`, "y");

/**
 * Replaces `{{.Name}}`, `{{.Param.X}}` and the like by their values, raw and once. Also understood, as Go's templates
 * have them: a literal (`{{"{{"}}`), a comment and the trim marks `{{-` and `-}}`. Anything more, and a variable that
 * does not exist, is a fault: nothing is ever replaced by a guess.
 */
export function expandText(text: string, data: TextData): { readonly text: string } | ExpandFault {
  let out = "";
  let from = 0;
  for (let at = text.indexOf("{{"); at >= 0; at = text.indexOf("{{", from)) {
    ACTION.lastIndex = at;
    const match = ACTION.exec(text);
    if (match === null) return fault(text, at, unreadable(text, at));
    const [whole, trimLeft, comment, field, quoted, raw, trimRight] = match;
    const before = text.slice(from, at);
    out += trimLeft === undefined ? before : before.trimEnd();
    from = at + whole.length;
    if (trimRight !== undefined) from += /^\s*/.exec(text.slice(from))?.[0].length ?? 0;
    if (comment !== undefined) continue;
    const value = field === undefined ? literal(quoted, raw) : lookUp(field, data);
    if (typeof value !== "string") return fault(text, at, value.reason);
    out += value;
  }
  return { text: out + text.slice(from) };
}

function fault(text: string, at: number, reason: string): ExpandFault {
  let line = 0;
  for (let i = text.indexOf("\n"); i >= 0 && i < at; i = text.indexOf("\n", i + 1)) line++;
  return { reason, line };
}

function unreadable(text: string, at: number): string {
  const end = text.indexOf("}}", at);
  if (end < 0) return `"{{" without "}}", write {{"{{"}} for the two braces themselves`;
  const action = text.slice(at, Math.min(end + 2, at + 60));
  return `only variables such as {{.Name}} or {{.Param.X}} are supported by this version, got ${JSON.stringify(action)}`;
}

function literal(quoted: string | undefined, raw: string | undefined): string | { readonly reason: string } {
  if (quoted === undefined) return raw ?? "";
  try {
    return JSON.parse(quoted) as string;
  } catch {
    return { reason: `cannot read the literal ${quoted}` };
  }
}

function lookUp(field: string, data: TextData): string | { readonly reason: string } {
  let at: TextData[string] = data;
  const names = field.slice(1).split(".");
  for (const [i, name] of names.entries()) {
    const parent: string = names.slice(0, i).map((n) => `.${n}`).join("");
    if (typeof at !== "object") return { reason: `variable "{{${parent}}}" has no part "${name}"` };
    if (!Object.hasOwn(at, name)) {
      const known = Object.keys(at).map((key) => `{{${parent}.${key}}}`);
      const wanted = `{{${parent}.${name}}}`;
      return { reason: `unknown variable "${wanted}"${didYouMean(wanted, known)}` };
    }
    at = at[name] ?? "";
  }
  return typeof at === "object" ? { reason: `variable "{{${field}}}" is a map, name one of its keys` } : String(at);
}
