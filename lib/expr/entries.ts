import { isMap, isScalar, isSeq, Pair, YAMLMap } from "../config/yaml.ts";
import type { Cell } from "./cell.ts";
import { Unfit } from "./cell.ts";
import { type Call, type FunctionDef, itemsOf, listOf } from "./function.ts";
import { emptyLike, entriesOf, keyText, kindOf, pairOf, resolve, scalar, seqOf, type Value } from "./node.ts";
import type { Run } from "./run.ts";

function entry(key: Value, value: Value, run: Run): Value {
  const map = new YAMLMap();
  map.items.push(new Pair(scalar("key"), run.copy(key)), new Pair(scalar("value"), run.copy(value)));
  return map;
}

function toEntries({ input: { node }, run }: Call): Value {
  if (isMap(node)) return seqOf([...entriesOf(node, run.targets, run.budget)].map(([name, { key, value }]) => entry(isScalar(key) ? key : scalar(name), value, run)));
  if (isSeq(node)) return seqOf(itemsOf(node, run).map((item, i) => entry(scalar(i), item, run)));
  if (kindOf(node) === "null") return seqOf([]);
  throw new Unfit(`to_entries takes a map or a list, not a ${kindOf(node)}`);
}

/** @param like The map that the entries came from, whose comments the new one keeps. */
function fromEntries(node: Value, run: Run, like?: Value): Value {
  const result = like !== undefined && isMap(like) ? emptyLike(like) : new YAMLMap();
  for (const item of itemsOf(listOf(node, "from_entries"), run)) {
    const key = isMap(item) ? pairOf(item, "key", run.budget) : undefined;
    if (!isMap(item) || key === undefined) throw new Unfit("from_entries takes a list of maps with key and value");
    const name = resolve(key.value, run.targets);
    if (!isScalar(name)) throw new Unfit(`a ${kindOf(name)} cannot be a key`);
    const value = run.copy(resolve(pairOf(item, "value", run.budget)?.value, run.targets));
    const old = pairOf(result, keyText(name), run.budget);
    if (old === undefined) result.items.push(new Pair(run.copy(name), value));
    else old.value = value;
  }
  return result;
}

function withEntries({ input, args: [body], run }: Call): Cell[] {
  const entries = run.cell(toEntries({ input, args: [], run }));
  const changed = entries.each().flatMap((cell) => (body === undefined ? [cell] : run.eval(body, cell)));
  return [run.cell(fromEntries(seqOf(changed.map(({ node }) => node)), run, input.node))];
}

function keys({ input: { node }, run }: Call): Value {
  if (isMap(node)) return seqOf([...entriesOf(node, run.targets, run.budget).keys()].map((key) => scalar(key)));
  if (isSeq(node)) return seqOf(node.items.map((_, i) => scalar(i)));
  throw new Unfit(`keys takes a map or a list, not a ${kindOf(node)}`);
}

function has({ input: { node }, run }: Call, key: Value): boolean {
  if (!isScalar(key)) throw new Unfit(`a ${kindOf(key)} is no key`);
  if (isMap(node)) return entriesOf(node, run.targets, run.budget).has(keyText(key));
  return isSeq(node) && typeof key.value === "number" && key.value >= 0 && key.value < node.items.length;
}

/** What works on maps and their keys. */
export const ENTRIES: Readonly<Record<string, FunctionDef>> = {
  toentries: { takes: [0, 0], run: (call) => [call.run.cell(toEntries(call))] },
  fromentries: { takes: [0, 0], run: ({ input, run }) => [run.cell(fromEntries(input.node, run))] },
  withentries: { takes: [1, 1], run: withEntries },
  keys: { takes: [0, 0], run: (call) => [call.run.cell(keys(call))] },
  has: {
    takes: [1, 1],
    run: (call) => call.args.flatMap((arg) => call.run.eval(arg, call.input)).map(({ node }) => call.run.of(has(call, node))),
  },
  sortkeys: {
    takes: [1, 1],
    run: ({ input, args, run }) => {
      const name = (pair: Pair): string => keyText(pair.key);
      for (const { node } of args.flatMap((arg) => run.eval(arg, input))) {
        if (!isMap(node)) continue;
        run.budget.charge(node.items.length);
        node.items.sort((a, b) => (name(a) < name(b) ? -1 : name(a) > name(b) ? 1 : 0));
      }
      return [input];
    },
  },
};
