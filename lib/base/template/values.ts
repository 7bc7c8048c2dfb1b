import { ArgumentFault } from "./fault.ts";

/**
 * Values as templates see them: text, number, boolean, list, map, and nothing (undefined or null). A number is an
 * integer when it has no fraction.
 */
export type Kind = "text" | "number" | "boolean" | "list" | "map" | "nothing";

export function kindOf(value: unknown): Kind {
  if (value === undefined || value === null) return "nothing";
  if (typeof value === "string") return "text";
  if (typeof value === "number") return "number";
  if (typeof value === "boolean") return "boolean";
  if (Array.isArray(value)) return "list";
  if (typeof value === "object") return "map";
  throw new Error(`a ${typeof value} cannot be used in a template`);
}

/** `a text`, `no value`: for messages. */
export function describe(value: unknown): string {
  const kind = kindOf(value);
  return kind === "nothing" ? "no value" : `a ${kind}`;
}

/** False for false, 0, nothing, and for an empty text, list or map. */
export function isTrue(value: unknown): boolean {
  if (typeof value === "object" && value !== null) return Object.keys(value).length > 0;
  return Boolean(value);
}

/** Go orders texts by their bytes: UTF-8 sorts as code points do, UTF-16 does not above U+FFFF. */
export function compareTexts(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

/** The keys and values of a map in the order of its keys. */
export function sortedEntries(map: object): [string, unknown][] {
  return Object.entries(map).toSorted(([a], [b]) => compareTexts(a, b));
}

/** Are two values of one basic kind equal? Nothing equals only itself. */
export function isEqual(a: unknown, b: unknown): boolean {
  const [left, right] = [kindOf(a), kindOf(b)];
  for (const [kind, value] of [[left, a], [right, b]] as const) if (kind === "list" || kind === "map") throw new ArgumentFault(`cannot compare ${describe(value)}`);
  if (left === "nothing" || right === "nothing") return left === right;
  if (left !== right) throw new ArgumentFault(`incompatible types for comparison: a ${left} and a ${right}`);
  return a === b;
}

/** Is `a` before `b`? Both must be numbers, or both texts. */
export function isLess(a: unknown, b: unknown): boolean {
  if (typeof a === "number" && typeof b === "number") return a < b;
  if (typeof a === "string" && typeof b === "string") return compareTexts(a, b) < 0;
  throw new ArgumentFault(kindOf(a) === kindOf(b) ? `cannot order ${describe(a)}` : `incompatible types for comparison: ${describe(a)} and ${describe(b)}`);
}
