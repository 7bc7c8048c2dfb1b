import { isDeepStrictEqual } from "node:util";
import { isMap, isScalar, isSeq } from "../config/yaml.ts";
import type { Comparison } from "./ast.ts";
import { Unfit } from "./cell.ts";
import { entriesOf, kindOf, resolve, textOf, truthy, type Value } from "./node.ts";
import type { Run } from "./run.ts";

/** `*` and `?` as in file names. Goes back to the last star only, so it takes at most length times length steps. */
export function globMatches(pattern: string, text: string): boolean {
  let [p, t, star, from] = [0, 0, -1, 0];
  while (t < text.length) {
    if (pattern[p] === "*") [star, from] = [p++, t];
    else if (p < pattern.length && (pattern[p] === "?" || pattern[p] === text[t])) [p, t] = [p + 1, t + 1];
    else if (star >= 0) [p, t] = [star + 1, ++from];
    else return false;
  }
  while (pattern[p] === "*") p++;
  return p === pattern.length;
}

/** `==`: of the same kind and value; a text on the right may have `*` and `?`. */
export function equal(left: Value, right: Value, run: Run): boolean {
  run.budget.charge();
  if (!isScalar(left) || !isScalar(right)) return kindOf(left) === kindOf(right) && isDeepStrictEqual(run.plain(left), run.plain(right));
  if (kindOf(left) !== kindOf(right)) return false;
  if (typeof left.value === "string" && typeof right.value === "string") {
    if (left.value === right.value) return true;
    if (!/[*?]/.test(right.value)) return false;
    run.budget.charge((left.value.length * right.value.length) >> 6);
    return globMatches(right.value, left.value);
  }
  return (left.value ?? null) === (right.value ?? null);
}

/** Less, equal or more than 0. Null comes first, then false, true, numbers, texts; lists and maps have no order. */
export function order(left: Value, right: Value): number {
  const [a, b] = [rank(left), rank(right)];
  if (a !== b || !isScalar(left) || !isScalar(right)) return a - b;
  if (kindOf(left) === "number") return Number(left.value) - Number(right.value);
  const [s, t] = [textOf(left), textOf(right)];
  return s < t ? -1 : s > t ? 1 : 0;
}

function rank(node: Value): number {
  const kind = kindOf(node);
  return kind === "boolean" && truthy(node) ? 2 : ["null", "boolean", "", "number", "string", "list", "map"].indexOf(kind);
}

export function compare(sign: Comparison, left: Value, right: Value, run: Run): boolean {
  if (sign === "==") return equal(left, right, run);
  if (sign === "!=") return !equal(left, right, run);
  const [a, b] = [kindOf(left), kindOf(right)];
  if (a === "null" || b === "null") return a === b && sign.endsWith("=");
  if (a !== b || (a !== "number" && a !== "string")) throw new Unfit(`cannot compare a ${a} with a ${b}`);
  const result = order(left, right);
  switch (sign) {
    case "<": return result < 0;
    case "<=": return result <= 0;
    case ">": return result > 0;
    case ">=": return result >= 0;
  }
}

/** Texts contain texts, lists items that contain each of the other's, maps keys whose values do. */
export function contains(whole: Value, part: Value, run: Run): boolean {
  run.budget.charge();
  if (isSeq(whole) && isSeq(part)) {
    return part.items.every((wanted) => whole.items.some((item) => contains(resolve(item, run.targets), resolve(wanted, run.targets), run)));
  }
  if (isMap(whole) && isMap(part)) {
    const has = entriesOf(whole, run.targets, run.budget);
    return [...entriesOf(part, run.targets, run.budget)].every(([key, { value }]) => {
      const entry = has.get(key);
      return entry !== undefined && contains(entry.value, value, run);
    });
  }
  if (!isScalar(whole) || !isScalar(part) || kindOf(whole) !== kindOf(part)) return false;
  if (typeof whole.value === "string") {
    run.budget.text(whole.value.length);
    return whole.value.includes(textOf(part));
  }
  return equal(whole, part, run);
}
