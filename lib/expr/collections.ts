import { isMap, isSeq, type YAMLSeq } from "../config/yaml.ts";
import type { Ast } from "./ast.ts";
import { type Cell, Unfit } from "./cell.ts";
import { equal, order } from "./compare.ts";
import { type Call, type FunctionDef, itemsOf, listOf } from "./function.ts";
import { emptyLike, kindOf, scalar, seqOf, truthy, type Value } from "./node.ts";
import type { Run } from "./run.ts";

/** A list like another, with copies of other items. */
function listLike(seq: YAMLSeq, items: readonly Value[], run: Run): Cell {
  const result = emptyLike(seq);
  for (const item of items) result.items.push(run.copy(item));
  return run.cell(result);
}

/** What an expression gives for a value, as one value to compare by. */
function keyFor(by: Ast | undefined, item: Value, run: Run): Value {
  if (by === undefined) return item;
  const [first, ...more] = run.eval(by, run.cell(item));
  return more.length === 0 ? (first?.node ?? scalar(null)) : seqOf([first, ...more].map((cell) => cell?.copy() ?? scalar(null)));
}

function compareKeys(a: Value, b: Value, run: Run): number {
  run.budget.charge();
  if (!isSeq(a) || !isSeq(b)) return order(a, b);
  const [left, right] = [itemsOf(a, run), itemsOf(b, run)];
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    const [x, y] = [left[i], right[i]];
    const result = x === undefined || y === undefined ? 0 : order(x, y);
    if (result !== 0) return result;
  }
  return left.length - right.length;
}

function sort({ input, args: [by], run }: Call, name: string): Cell[] {
  const seq = listOf(input.node, name);
  const keyed = itemsOf(seq, run).map((item) => ({ item, key: keyFor(by, item, run) }));
  return [listLike(seq, keyed.sort((a, b) => compareKeys(a.key, b.key, run)).map(({ item }) => item), run)];
}

/** Items by equal keys, in the order of the first of each. */
function groups({ input, args: [by], run }: Call, name: string): { readonly seq: YAMLSeq; readonly found: readonly { readonly key: Value; readonly items: Value[] }[] } {
  const seq = listOf(input.node, name);
  const found: { readonly key: Value; readonly items: Value[] }[] = [];
  for (const item of itemsOf(seq, run)) {
    const key = keyFor(by, item, run);
    const group = found.find((other) => equal(other.key, key, run));
    if (group === undefined) found.push({ key, items: [item] });
    else group.items.push(item);
  }
  return { seq, found };
}

function unique(call: Call, name: string): Cell[] {
  const { seq, found } = groups(call, name);
  return [listLike(seq, found.flatMap(({ items: [first] }) => (first === undefined ? [] : [first])), call.run)];
}

function flat(items: readonly Value[], levels: number, run: Run): Value[] {
  return items.flatMap((item) => {
    run.budget.charge();
    return isSeq(item) && levels > 0 ? flat(itemsOf(item, run), levels - 1, run) : [item];
  });
}

function extreme({ input, run }: Call, name: string, sign: 1 | -1): Cell[] {
  const [first, ...rest] = itemsOf(listOf(input.node, name), run);
  return first === undefined ? [] : [run.cell(run.copy(rest.reduce((best, item) => (order(item, best) * sign > 0 ? item : best), first)))];
}

function test({ input, args: [by], run }: Call, name: string, decides: boolean): Cell[] {
  if (!isSeq(input.node) && !isMap(input.node)) throw new Unfit(`${name} takes a list, not a ${kindOf(input.node)}`);
  const holds = (cell: Cell): boolean => (by === undefined ? truthy(cell.node) : run.eval(by, cell).some(({ node }) => truthy(node)));
  return [run.of(input.each().some((cell) => holds(cell) === decides) ? decides : !decides)];
}

function map({ input, args: [body], run }: Call): Cell[] {
  if (body === undefined || kindOf(input.node) === "null") return [run.cell(seqOf([]))];
  const items = input.each().flatMap((cell) => run.eval(body, cell));
  return [isSeq(input.node) ? listLike(input.node, items.map(({ node }) => node), run) : run.cell(seqOf(items.map((cell) => cell.copy())))];
}

function mapValues({ input, args: [body], run }: Call): Cell[] {
  if (body === undefined) return [input];
  const result = run.cell(input.copy());
  for (const cell of result.each()) {
    const [first] = run.eval(body, cell);
    if (first === undefined) cell.remove();
    else if (first !== cell) cell.assign(first.copy());
  }
  return [result];
}

/** What works on lists, and on all values of a list or map. */
export const COLLECTIONS: Readonly<Record<string, FunctionDef>> = {
  map: { takes: [1, 1], run: map },
  mapvalues: { takes: [1, 1], run: mapValues },
  sort: { takes: [0, 0], run: (call) => sort(call, "sort") },
  sortby: { takes: [1, 1], run: (call) => sort(call, "sort_by") },
  unique: { takes: [0, 0], run: (call) => unique(call, "unique") },
  uniqueby: { takes: [1, 1], run: (call) => unique(call, "unique_by") },
  groupby: {
    takes: [1, 1],
    run: (call) => [call.run.cell(seqOf(groups(call, "group_by").found.map(({ items }) => call.run.copy(seqOf(items)))))],
  },
  reverse: {
    takes: [0, 0],
    run: ({ input, run }) => {
      const seq = listOf(input.node, "reverse");
      return [listLike(seq, itemsOf(seq, run).reverse(), run)];
    },
  },
  first: {
    takes: [0, 1],
    run: ({ input, args: [by], run }) => {
      const found = by === undefined ? input.each()[0] : input.each().find((cell) => run.eval(by, cell).some(({ node }) => truthy(node)));
      return found === undefined ? [] : [found];
    },
  },
  last: { takes: [0, 0], run: ({ input }) => input.each().slice(-1) },
  flatten: {
    takes: [0, 1],
    run: ({ input, args: [levels], run }) => {
      const seq = listOf(input.node, "flatten");
      const depth = levels === undefined ? Number.POSITIVE_INFINITY : Number(run.plain(run.eval(levels, input)[0]?.node ?? scalar(1)));
      return [listLike(seq, flat(itemsOf(seq, run), depth, run), run)];
    },
  },
  min: { takes: [0, 0], run: (call) => extreme(call, "min", -1) },
  max: { takes: [0, 0], run: (call) => extreme(call, "max", 1) },
  any: { takes: [0, 1], run: (call) => test(call, "any", true) },
  anyc: { takes: [1, 1], run: (call) => test(call, "any_c", true) },
  all: { takes: [0, 1], run: (call) => test(call, "all", false) },
  allc: { takes: [1, 1], run: (call) => test(call, "all_c", false) },
};
