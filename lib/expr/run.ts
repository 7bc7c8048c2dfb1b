import { LimaError } from "../base/errors.ts";
import type { Ast } from "./ast.ts";
import { Budget, Exhausted } from "./budget.ts";
import { Cell, type Place, Unfit } from "./cell.ts";
import { expressionError } from "./error.ts";
import { copy, scalar, type Targets, toPlain, type Value } from "./node.ts";

export interface RunOptions {
  /** Variables for `env()` and `strenv()`; without it these are not allowed. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** Does something for the part of an expression at `at`, which then has its name on the error. */
export function guarded<T>(expression: string, at: number, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof Exhausted || error instanceof Unfit) throw expressionError(expression, at, error.message);
    throw error;
  }
}

/** A place for values that come from no document. */
export const newPlace = (targets: Targets = new WeakMap<object, Value>()): Place => ({ targets, budget: new Budget() });

/** One evaluation: what its parts share. */
export class Run implements Place {
  readonly targets: Targets;
  readonly budget: Budget;
  readonly expression: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly eval: (ast: Ast, input: Cell) => Cell[];

  constructor(expression: string, place: Place, env: Run["env"], evaluate: (ast: Ast, input: Cell, run: Run) => Cell[]) {
    this.expression = expression;
    this.targets = place.targets;
    this.budget = place.budget;
    this.env = env;
    this.eval = (ast, input) => evaluate(ast, input, this);
  }

  fail(at: number, reason: string): LimaError {
    return expressionError(this.expression, at, reason);
  }

  /** See {@link guarded}. */
  at<T>(at: number, work: () => T): T {
    return guarded(this.expression, at, work);
  }

  cell(node: Value): Cell {
    return new Cell(this, node);
  }

  of(value: string | number | boolean | null): Cell {
    if (typeof value === "string") this.budget.text(value.length);
    return this.cell(scalar(value));
  }

  copy(node: Value): Value {
    return copy(node, this.targets, this.budget);
  }

  plain(node: Value): unknown {
    return toPlain(node, this.targets, this.budget);
  }
}
