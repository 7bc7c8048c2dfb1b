import { isMap, isScalar, isSeq, type YAMLMap, type YAMLSeq } from "../config/yaml.ts";
import type { Ast } from "./ast.ts";
import { type Cell, Unfit } from "./cell.ts";
import { kindOf, resolve, type Value } from "./node.ts";
import type { Run } from "./run.ts";

export interface Call {
  readonly input: Cell;
  readonly args: readonly Ast[];
  readonly run: Run;
}

export interface FunctionDef {
  /** Least and most arguments; they are separated by `;`. */
  readonly takes: readonly [number, number];
  run(call: Call): Cell[];
}

/** The value as a list. Throws {@link Unfit} when it is none. */
export function listOf(node: Value, name: string): YAMLSeq {
  if (isSeq(node)) return node;
  throw new Unfit(`${name} takes a list, not a ${kindOf(node)}`);
}

export function mapOf(node: Value, name: string): YAMLMap {
  if (isMap(node)) return node;
  throw new Unfit(`${name} takes a map, not a ${kindOf(node)}`);
}

/** The items of a list, aliases resolved. */
export const itemsOf = (seq: YAMLSeq, run: Run): Value[] => seq.items.map((item) => resolve(item, run.targets));

export function stringOf(node: Value | undefined, name: string): string {
  if (node !== undefined && isScalar(node) && typeof node.value === "string") return node.value;
  throw new Unfit(`${name} takes a string, not a ${node === undefined ? "missing value" : kindOf(node)}`);
}

/** The values of all arguments; `("a", "b")` and `("a"; "b")` are the same. */
export function argValues({ args, input, run }: Call): Value[] {
  return args.flatMap((arg) => run.eval(arg, input).map(({ node }) => node));
}
