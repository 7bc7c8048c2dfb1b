import { isScalar, isSeq, Pair, YAMLMap } from "../config/yaml.ts";
import { calculate } from "./arithmetic.ts";
import type { Ast, MergeFlags } from "./ast.ts";
import type { Cell } from "./cell.ts";
import { compare } from "./compare.ts";
import { envCell } from "./env.ts";
import { FUNCTIONS } from "./functions.ts";
import { emptyLike, keyNode, keyText, kindOf, resolve, scalar, seqOf, truthy, type Value } from "./node.ts";
import { Run, type RunOptions } from "./run.ts";
import { parseExpression } from "./parser.ts";

/** Parts of an expression that are being evaluated within each other. */
const MAX_CALLS = 1500;

const PLAIN: MergeFlags = { append: false, deep: false, onlyExisting: false, onlyNew: false };

type Of<K extends Ast["kind"]> = Extract<Ast, { kind: K }>;
/** Both sides of an operator. */
type Sides = Pick<Extract<Ast, { left: Ast }>, "left" | "right">;

class Evaluator {
  private depth = 0;

  readonly evaluate = (ast: Ast, input: Cell, run: Run): Cell[] => {
    if (++this.depth > MAX_CALLS) throw run.fail(ast.at, `nested deeper than ${MAX_CALLS} parts`);
    const cells = run.at(ast.at, () => {
      run.budget.charge();
      return this.step(ast, input, run);
    });
    this.depth--;
    return cells;
  };

  private step(ast: Ast, input: Cell, run: Run): Cell[] {
    switch (ast.kind) {
      case "identity": return [input];
      case "recurse": return [...descend(input, run, 0)];
      case "literal": return [run.of(ast.value)];
      case "array": return [run.cell(seqOf(ast.body === undefined ? [] : run.eval(ast.body, input).map((cell) => cell.copy())))];
      case "object": return objects(ast, input, run);
      case "field": return run.eval(ast.of, input).map((cell) => cell.field(ast.name));
      case "index": return index(ast, input, run);
      case "slice": return slice(ast, input, run);
      case "each": return run.eval(ast.of, input).flatMap((cell) => cell.each());
      case "pipe": return run.eval(ast.left, input).flatMap((cell) => run.eval(ast.right, cell));
      case "comma": return [...run.eval(ast.left, input), ...run.eval(ast.right, input)];
      case "and": return logic(ast, input, run, false);
      case "or": return logic(ast, input, run, true);
      case "compare": return pairs(ast, input, run).map(([a, b]) => run.of(compare(ast.sign, a.node, b.node, run)));
      case "arithmetic": return ast.sign === "//" ? alternative(ast, input, run) : pairs(ast, input, run).map(([a, b]) => run.cell(calculate(ast.sign, a.node, b.node, ast.flags, run)));
      case "negate": return run.eval(ast.of, input).map((cell) => run.cell(calculate("-", scalar(0), cell.node, PLAIN, run)));
      case "assign": return assign(ast, input, run);
      case "update": return update(ast, input, run);
      case "change": return change(ast, input, run);
      case "env": return [envCell(ast.variable, ast.asText, run)];
      case "call": return FUNCTIONS.get(ast.name)?.run({ input, args: ast.args, run }) ?? [];
    }
  }
}

/** What both sides give, each with each. */
function pairs({ left, right }: Sides, input: Cell, run: Run): [Cell, Cell][] {
  const rights = run.eval(right, input);
  return run.eval(left, input).flatMap((a) => rights.map((b): [Cell, Cell] => [a, b]));
}

function* descend(cell: Cell, run: Run, depth: number): Generator<Cell> {
  run.budget.level(depth);
  yield cell;
  for (const item of cell.each()) yield* descend(item, run, depth + 1);
}

function objects({ entries, at }: Of<"object">, input: Cell, run: Run): Cell[] {
  let maps: YAMLMap[] = [new YAMLMap()];
  for (const [key, value] of entries) {
    const keys = run.eval(key, input).map(({ node }) => {
      if (!isScalar(node)) throw run.fail(at, `a ${kindOf(node)} cannot be a key`);
      return keyText(node);
    });
    const values = run.eval(value, input);
    maps = maps.flatMap((map) => keys.flatMap((name) => values.map((cell) => {
      const next = run.copy(map) as YAMLMap;
      const old = next.items.find((pair) => keyText(pair.key) === name);
      if (old === undefined) next.items.push(new Pair(keyNode(name), cell.copy()));
      else old.value = cell.copy();
      return next;
    })));
  }
  return maps.map((map) => run.cell(map));
}

function index({ of, by, at }: Of<"index">, input: Cell, run: Run): Cell[] {
  const keys = run.eval(by, input);
  return run.eval(of, input).flatMap((cell) => keys.map(({ node }) => {
    if (isScalar(node) && typeof node.value === "number") return cell.item(node.value);
    if (isScalar(node) && typeof node.value === "string") return cell.field(node.value);
    throw run.fail(at, `a ${kindOf(node)} is no index`);
  }));
}

function slice({ of, from, to, at }: Of<"slice">, input: Cell, run: Run): Cell[] {
  const bound = (ast: Ast | undefined): number | undefined => {
    if (ast === undefined) return undefined;
    const node = run.eval(ast, input)[0]?.node;
    if (!isScalar(node) || typeof node.value !== "number") throw run.fail(at, "the ends of a slice must be numbers");
    return node.value;
  };
  const [first, last] = [bound(from), bound(to)];
  return run.eval(of, input).map(({ node }) => {
    if (kindOf(node) === "null") return run.of(null);
    if (!isSeq(node)) throw run.fail(at, `cannot take a slice of a ${kindOf(node)}`);
    const part = emptyLike(node);
    for (const item of node.items.slice(first, last)) part.items.push(run.copy(resolve(item, run.targets)));
    return run.cell(part);
  });
}

function logic({ left, right }: Sides, input: Cell, run: Run, decides: boolean): Cell[] {
  return run.eval(left, input).flatMap(({ node }) => (truthy(node) === decides ? [run.of(decides)] : run.eval(right, input).map((cell) => run.of(truthy(cell.node)))));
}

/** `//`: what is neither null nor false on the left, else the right. The places themselves, so that `//=` can change them. */
function alternative({ left, right }: Sides, input: Cell, run: Run): Cell[] {
  const good = run.eval(left, input).filter(({ node }) => truthy(node));
  return good.length > 0 ? good : run.eval(right, input);
}

function assign({ left, right }: Sides, input: Cell, run: Run): Cell[] {
  const values = run.eval(right, input).map((cell) => cell.copy());
  const last = values.at(-1);
  if (last !== undefined) for (const cell of run.eval(left, input)) cell.assign(run.copy(last));
  return [input];
}

function update({ left, right }: Sides, input: Cell, run: Run): Cell[] {
  for (const cell of run.eval(left, input)) {
    const [first] = run.eval(right, cell);
    // A place that was changed from within is what it should be.
    if (first !== undefined && first !== cell) cell.assign(first.copy());
  }
  return [input];
}

function change({ sign, flags, left, right }: Extract<Ast, { flags: MergeFlags }>, input: Cell, run: Run): Cell[] {
  const values: Value[] = run.eval(right, input).map((cell) => cell.copy());
  for (const cell of run.eval(left, input)) for (const value of values) cell.assign(calculate(sign, cell.node, value, flags, run));
  return [input];
}

/** All results of an expression for one value. Throws LimaError `EXPRESSION` with the position of what failed. */
export function evaluate(expression: string, input: Cell, place: Pick<Run, "targets" | "budget">, { env }: RunOptions = {}): Cell[] {
  const ast = parseExpression(expression, { envAllowed: env !== undefined });
  const run = new Run(expression, place, env ?? {}, new Evaluator().evaluate);
  return run.eval(ast, input);
}
