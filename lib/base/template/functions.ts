import { escapeHtml, escapeJs, escapeQuery } from "./escape.ts";
import { ArgumentFault } from "./fault.ts";
import { print, println } from "./print.ts";
import { printf } from "./printf.ts";
import { describe, isEqual, isLess, isTrue } from "./values.ts";

/** A function of the language; throws ArgumentFault for what it cannot take. */
export interface TemplateFunction {
  /** How many values it takes. */
  readonly takes: readonly [least: number, most: number];
  readonly run: (...values: readonly unknown[]) => unknown;
}

const ANY = Number.POSITIVE_INFINITY;

function position(value: unknown, most: number): number {
  if (typeof value !== "number" || !Number.isInteger(value)) throw new ArgumentFault(`the index must be a whole number, got ${describe(value)}`);
  if (value < 0 || value > most) throw new ArgumentFault(`index out of range: ${value}`);
  return value;
}

function item(of: unknown, key: unknown): unknown {
  if (Array.isArray(of)) return of[position(key, of.length - 1)] as unknown;
  if (typeof of === "string") {
    const bytes = Buffer.from(of);
    return bytes[position(key, bytes.length - 1)];
  }
  if (typeof of !== "object" || of === null) throw new ArgumentFault(`cannot index ${describe(of)}`);
  if (typeof key !== "string") throw new ArgumentFault(`the key of a map must be a text, got ${describe(key)}`);
  if (Object.hasOwn(of, key)) return (of as Record<string, unknown>)[key];
  // The zero value of the map's type: of a map of texts it is a text.
  return Object.values(of).every((value) => typeof value === "string") ? "" : undefined;
}

function slice(of: unknown, from: unknown = 0, to?: unknown): unknown {
  if (typeof of !== "string" && !Array.isArray(of)) throw new ArgumentFault(`cannot slice ${describe(of)}`);
  const whole: Buffer | readonly unknown[] = typeof of === "string" ? Buffer.from(of) : (of as unknown[]);
  const end = position(to ?? whole.length, whole.length);
  const part = whole.slice(position(from, end), end);
  return Buffer.isBuffer(part) ? part.toString() : part;
}

function length(of: unknown): number {
  if (typeof of === "string") return Buffer.byteLength(of);
  if (typeof of === "object" && of !== null) return Object.keys(of).length;
  throw new ArgumentFault(`${describe(of)} has no length`);
}

const text = (run: (text: string) => string): TemplateFunction => ({ takes: [1, ANY], run: (...values) => run(print(values)) });
const compare = (run: (a: unknown, b: unknown) => boolean): TemplateFunction => ({ takes: [2, 2], run });

/** The functions that every template has, except `and` and `or`, which do not look at all their values. */
export const BUILTINS: Readonly<Record<string, TemplateFunction>> = {
  not: { takes: [1, 1], run: (value) => !isTrue(value) },
  eq: { takes: [2, ANY], run: (first, ...others) => others.some((other) => isEqual(first, other)) },
  ne: compare((a, b) => !isEqual(a, b)),
  lt: compare(isLess),
  le: compare((a, b) => !isLess(b, a)),
  gt: compare((a, b) => isLess(b, a)),
  ge: compare((a, b) => !isLess(a, b)),
  len: { takes: [1, 1], run: length },
  index: { takes: [1, ANY], run: (of, ...keys) => keys.reduce(item, of) },
  slice: { takes: [1, 3], run: slice },
  print: text((all) => all),
  println: { takes: [0, ANY], run: (...values) => println(values) },
  printf: {
    takes: [1, ANY],
    run: (format, ...values) => {
      if (typeof format !== "string") throw new ArgumentFault(`the format must be a text, got ${describe(format)}`);
      return printf(format, values);
    },
  },
  html: text(escapeHtml),
  js: text(escapeJs),
  urlquery: text(escapeQuery),
};
