import { ArgumentFault } from "./fault.ts";
import { sortedEntries } from "./values.ts";

/** Longest text that a function may make. */
export const MOST_TEXT = 16 * 1024 * 1024;

/** Joins texts, ending in time what would fill the memory. */
export function joined(parts: Iterable<string>): string {
  const all: string[] = [];
  let length = 0;
  for (const part of parts) {
    length += part.length;
    if (length > MOST_TEXT) throw new ArgumentFault("the text is too long");
    all.push(part);
  }
  return all.join("");
}

/** A number as Go prints it: with an exponent of two digits below 1e-4 and from 1e21 on. */
export function showNumber(value: number): string {
  const size = Math.abs(value);
  const text = size !== 0 && size < 1e-4 ? value.toExponential() : String(value);
  return text.replace(/e([+-])(\d)$/, "e$10$2");
}

/**
 * A value as `{{.X}}` inserts it: texts raw, `[a b]` for lists, `map[k:v]` for maps in the order of their keys. Nothing
 * is the empty text, not `<no value>`.
 */
export function show(value: unknown): string {
  if (value === undefined || value === null) return "";
  if (typeof value === "number") return showNumber(value);
  if (Array.isArray(value)) return `[${value.map(show).join(" ")}]`;
  if (typeof value === "object") return `map[${sortedEntries(value).map(([key, item]) => `${key}:${show(item)}`).join(" ")}]`;
  return typeof value === "string" ? value : String(value as boolean);
}

function* parts(values: readonly unknown[]): Iterable<string> {
  for (const [i, value] of values.entries()) {
    if (i > 0 && typeof value !== "string" && typeof values[i - 1] !== "string") yield " ";
    yield show(value);
  }
}

/** The values one after another, with a space between two of which neither is a text. */
export function print(values: readonly unknown[]): string {
  return joined(parts(values));
}

/** The values with a space between each two, and a line break at the end. */
export function println(values: readonly unknown[]): string {
  return joined(values.length === 0 ? ["\n"] : values.values().flatMap((value, i) => [show(value), i === values.length - 1 ? "\n" : " "]));
}
