import { Cell } from "./cell.ts";
import { evaluate } from "./evaluate.ts";
import { fromPlain, toPlain, truthy } from "./node.ts";
import { guarded, newPlace, type RunOptions } from "./run.ts";

/**
 * Evaluates expressions one after the other on a plain value, which does not change: each works on every result of the
 * one before. Gives plain values; maps have no prototype. Throws LimaError `EXPRESSION`.
 */
export function query(value: unknown, expressions: readonly string[], options: RunOptions = {}): readonly unknown[] {
  const place = newPlace();
  let cells = [new Cell(place, fromPlain(value))];
  for (const expression of expressions) cells = cells.flatMap((cell) => evaluate(expression, cell, place, options));
  return guarded(expressions.at(-1) ?? ".", 0, () => cells.map(({ node }) => toPlain(node, place.targets, place.budget)));
}

/** Do all expressions hold for a value: does each give something that is neither null nor false? */
export function matches(value: unknown, expressions: readonly string[], options: RunOptions = {}): boolean {
  const place = newPlace();
  return expressions.every((expression) => evaluate(expression, new Cell(place, fromPlain(value)), place, options).some(({ node }) => truthy(node)));
}
