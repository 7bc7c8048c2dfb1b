import { isMap, isScalar, isSeq, Pair, type YAMLMap } from "../config/yaml.ts";
import type { MergeFlags } from "./ast.ts";
import { entriesOf, keyNode as newKey, pairOf, resolve, type Value } from "./node.ts";
import type { Run } from "./run.ts";

/** `left * right` for maps and lists: a new value, like `left` with what `right` has put over it. Comments of `left` stay. */
export function merge(left: Value, right: Value, flags: MergeFlags, run: Run, depth = 0): Value {
  run.budget.level(depth);
  if (isMap(left) && isMap(right)) {
    const result = run.copy(left) as YAMLMap;
    for (const [key, { key: keyNode, value }] of entriesOf(right, run.targets, run.budget)) mergeEntry(result, key, keyNode, value, flags, run, depth);
    return result;
  }
  if (isSeq(left) && isSeq(right)) {
    if (flags.append) return join(left, right, run);
    if (flags.deep) {
      const result = run.copy(left);
      if (isSeq(result)) right.items.forEach((item, i) => (result.items[i] = i < left.items.length ? merge(resolve(left.items[i], run.targets), resolve(item, run.targets), flags, run, depth + 1) : run.copy(resolve(item, run.targets))));
      return result;
    }
  }
  return flags.onlyNew && !(isScalar(left) && left.value === null) ? run.copy(left) : run.copy(right);
}

function mergeEntry(into: YAMLMap, key: string, keyNode: unknown, value: Value, flags: MergeFlags, run: Run, depth: number): void {
  const pair = pairOf(into, key, run.budget);
  const seen = pair === undefined ? entriesOf(into, run.targets, run.budget).get(key)?.value : resolve(pair.value, run.targets);
  if (seen === undefined) {
    if (!flags.onlyExisting) into.items.push(new Pair(isScalar(keyNode) ? run.copy(keyNode) : newKey(key), run.copy(value)));
    return;
  }
  const merged = merge(seen, value, flags, run, depth + 1);
  if (isScalar(seen) && isScalar(merged)) {
    if (typeof seen.comment === "string") merged.comment ??= seen.comment;
    if (typeof seen.commentBefore === "string") merged.commentBefore ??= seen.commentBefore;
  }
  if (pair === undefined) into.items.push(new Pair(newKey(key), merged));
  else pair.value = merged;
}

/** The items of both lists, in a list like the first. */
export function join(left: Value, right: Value, run: Run): Value {
  const result = run.copy(left);
  if (!isSeq(result)) return result;
  for (const item of isSeq(right) ? right.items : [right]) result.items.push(run.copy(resolve(item, run.targets)));
  return result;
}

/** `left + right` for maps: the entries of the second put over those of the first, not deeper. */
export function overlay(left: YAMLMap, right: YAMLMap, run: Run): Value {
  const result = run.copy(left) as YAMLMap;
  for (const [key, { key: keyNode, value }] of entriesOf(right, run.targets, run.budget)) {
    const pair = pairOf(result, key, run.budget);
    if (pair === undefined) result.items.push(new Pair(isScalar(keyNode) ? run.copy(keyNode) : newKey(key), run.copy(value)));
    else pair.value = run.copy(value);
  }
  return result;
}
