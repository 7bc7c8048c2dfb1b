import { type Alias, isAlias, isMap, isScalar, isSeq, Pair, Scalar, YAMLMap, YAMLSeq } from "../config/yaml.ts";
import type { Budget } from "./budget.ts";

/** What an expression works with. An alias stands for what it names. */
export type Value = Scalar | YAMLMap | YAMLSeq;

/** What aliases stand for, by alias: a name is looked up once, while the document is still as its writer left it. */
export type Targets = WeakMap<object, Value>;

export function scalar(value: string | number | boolean | null): Scalar {
  const node = new Scalar(value);
  // Written with all digits, and read again with all digits.
  if (typeof value === "number" && Number.isInteger(value) && !Number.isSafeInteger(value) && Math.abs(value) < 1e21) node.source = String(value);
  return node;
}

/** A new key. One that reads `<<` is quoted: it mixes nothing in. */
export function keyNode(key: string | number): Scalar {
  const node = new Scalar(key);
  if (key === "<<") node.type = Scalar.QUOTE_DOUBLE;
  return node;
}

/** A list of these values, which are not copied. */
export function seqOf(items: readonly Value[]): YAMLSeq {
  const seq = new YAMLSeq();
  // Not all as arguments of one call: there may be too many.
  for (const item of items) seq.items.push(item);
  return seq;
}

/** The value of an item of a list or map; what is left out is null. */
export function resolve(node: unknown, targets: Targets): Value {
  if (isAlias(node)) return targets.get(node) ?? scalar(null);
  return isScalar(node) || isMap(node) || isSeq(node) ? node : scalar(null);
}

/** The text of a key, as `.name` names it. */
export function keyText(key: unknown): string {
  if (!isScalar(key)) return String(key);
  return typeof key.value === "string" ? key.value : (key.source ?? String(key.value));
}

export function pairOf(map: YAMLMap, key: string, budget: Budget): Pair | undefined {
  budget.charge(1 + (map.items.length >> 4));
  return map.items.find((pair) => keyText(pair.key) === key);
}

/** Is it the `<<` that mixes other maps in? */
export const isMergeKey = ({ key }: Pair): boolean => isScalar(key) && key.value === "<<" && key.type === Scalar.PLAIN;

export interface Entry {
  readonly key: unknown;
  readonly value: Value;
  /** By what it is seen here, when it belongs to another place: an alias, or `<<`. */
  readonly alias: string | undefined;
}

/** Keys and values of a map, its own first, those that `<<` mixes in last. */
export function entriesOf(map: YAMLMap, targets: Targets, budget: Budget, depth = 0): Map<string, Entry> {
  budget.level(depth);
  const found = new Map<string, Entry>();
  const merged: Value[] = [];
  for (const pair of map.items) {
    budget.charge();
    if (isMergeKey(pair)) {
      const from = resolve(pair.value, targets);
      for (const item of isSeq(from) ? from.items : [from]) merged.push(resolve(item, targets));
    } else found.set(keyText(pair.key), { key: pair.key, value: resolve(pair.value, targets), alias: isAlias(pair.value) ? pair.value.source : undefined });
  }
  for (const source of merged) {
    if (!isMap(source)) continue;
    for (const [name, entry] of entriesOf(source, targets, budget, depth + 1)) if (!found.has(name)) found.set(name, { ...entry, alias: "<<" });
  }
  return found;
}

const DECORATION = ["comment", "commentBefore", "spaceBefore", "tag", "flow"] as const;

function decorate<T extends object>(to: T, from: object): T {
  for (const name of DECORATION) {
    const value = (from as Record<string, unknown>)[name];
    if (value !== undefined) (to as Record<string, unknown>)[name] = value;
  }
  return to;
}

/** An empty list or map that looks like another: its comments, and whether it stands on one line. */
export const emptyLike = <T extends YAMLMap | YAMLSeq>(node: T): T => decorate((isMap(node) ? new YAMLMap() : new YAMLSeq()) as T, node);

function copyScalar(node: Scalar): Scalar {
  const copy = decorate(new Scalar(node.value), node);
  for (const name of ["type", "source", "format", "minFractionDigits"] as const) if (node[name] !== undefined) (copy as unknown as Record<string, unknown>)[name] = node[name];
  return copy;
}

/** A copy with its comments, without its anchors. Nothing in it is shared, except that its aliases stay aliases. */
export function copy(node: Value, targets: Targets, budget: Budget, depth = 0): Value {
  budget.charge();
  budget.level(depth);
  if (isScalar(node)) return copyScalar(node);
  const part = (item: unknown): Value | Alias => {
    if (!isAlias(item)) return copy(resolve(item, targets), targets, budget, depth + 1);
    const alias = item.clone() as Alias;
    const target = targets.get(item);
    if (target !== undefined) targets.set(alias, target);
    return alias;
  };
  if (isSeq(node)) {
    const seq = emptyLike(node);
    for (const item of node.items) seq.items.push(part(item));
    return seq;
  }
  const map = emptyLike(node);
  for (const { key, value } of node.items) map.items.push(new Pair(isScalar(key) ? copyScalar(key) : key, part(value)));
  return map;
}

export type Kind = "null" | "boolean" | "number" | "string" | "list" | "map";

export function kindOf(node: Value): Kind {
  if (isMap(node)) return "map";
  if (isSeq(node)) return "list";
  const kind = typeof node.value;
  if (kind === "bigint") return "number";
  return kind === "boolean" || kind === "number" || kind === "string" ? kind : "null";
}

export const truthy = (node: Value): boolean => !isScalar(node) || (node.value !== null && node.value !== undefined && node.value !== false);

/** A scalar as it is printed; null is `null`. */
export function textOf(node: Scalar): string {
  return typeof node.value === "number" && node.source !== undefined ? node.source : String(node.value);
}

/** Plain values: numbers, strings, lists, maps without prototype. */
export function toPlain(node: Value, targets: Targets, budget: Budget, depth = 0): unknown {
  budget.charge();
  budget.level(depth);
  if (isSeq(node)) return node.items.map((item) => toPlain(resolve(item, targets), targets, budget, depth + 1));
  if (isMap(node)) {
    const map = Object.create(null) as Record<string, unknown>;
    for (const [name, { value }] of entriesOf(node, targets, budget)) map[name] = toPlain(value, targets, budget, depth + 1);
    return map;
  }
  return typeof node.value === "bigint" ? Number(node.value) : (node.value ?? null);
}

/** The opposite of {@link toPlain}; what is undefined is left out. */
export function fromPlain(value: unknown): Value {
  if (Array.isArray(value)) return seqOf(value.map(fromPlain));
  if (typeof value === "object" && value !== null) {
    const map = new YAMLMap();
    for (const [key, item] of Object.entries(value)) if (item !== undefined) map.items.push(new Pair(keyNode(key), fromPlain(item)));
    return map;
  }
  return new Scalar(value ?? null);
}
