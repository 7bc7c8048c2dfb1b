import { isMap, isScalar, isSeq } from "../config/yaml.ts";
import type { Arithmetic, MergeFlags } from "./ast.ts";
import { Unfit } from "./cell.ts";
import { equal } from "./compare.ts";
import { join, merge, overlay } from "./merge.ts";
import { emptyLike, kindOf, resolve, scalar, seqOf, textOf, truthy, type Value } from "./node.ts";
import type { Run } from "./run.ts";

const VERBS: Readonly<Record<Arithmetic, string>> = { "+": "add", "-": "subtract", "*": "multiply", "/": "divide", "%": "take the remainder of", "//": "choose between" };

const isNull = (node: Value): boolean => kindOf(node) === "null";

function numbers(sign: "+" | "-" | "*" | "/" | "%", a: number, b: number): number {
  switch (sign) {
    case "+": return a + b;
    case "-": return a - b;
    case "*": return a * b;
    case "/": return a / b;
    case "%":
      if (b === 0) throw new Unfit("cannot take the remainder of a division by 0");
      return a % b;
  }
}

function add(left: Value, right: Value, run: Run): Value | undefined {
  if (isNull(left)) return run.copy(right);
  if (isNull(right)) return run.copy(left);
  if (isSeq(left)) return join(left, right, run);
  if (isMap(left) && isMap(right)) return overlay(left, right, run);
  if (!isScalar(left) || !isScalar(right) || (kindOf(left) !== "string" && kindOf(right) !== "string")) return undefined;
  const text = textOf(left) + textOf(right);
  run.budget.text(text.length);
  return scalar(text);
}

function subtract(left: Value, right: Value, run: Run): Value | undefined {
  if (!isSeq(left) || !isSeq(right)) return undefined;
  const rest = emptyLike(left);
  const gone = right.items.map((item) => resolve(item, run.targets));
  for (const item of left.items) if (!gone.some((other) => equal(resolve(item, run.targets), other, run))) rest.items.push(run.copy(resolve(item, run.targets)));
  return rest;
}

function divide(left: Value, right: Value, run: Run): Value | undefined {
  if (!isScalar(left) || !isScalar(right) || typeof left.value !== "string" || typeof right.value !== "string") return undefined;
  return seqOf(splitText(left.value, right.value, run).map((part) => scalar(part)));
}

/** The parts of a text between separators. */
export function splitText(text: string, separator: string, run: Run): string[] {
  run.budget.text(text.length);
  const parts = text.split(separator);
  run.budget.charge(parts.length);
  return parts;
}

function multiply(left: Value, right: Value, flags: MergeFlags, run: Run): Value | undefined {
  const [a, b] = [kindOf(left), kindOf(right)];
  if (a === "map" && b === "map") return merge(left, right, flags, run);
  if (a === "list" && b === "list") return merge(left, right, flags, run);
  if (b === "map" || b === "list") return a === "null" ? run.copy(right) : undefined;
  // Nothing merged over something: the something stays.
  return b === "null" && a !== "number" ? run.copy(left) : undefined;
}

/** One result of an operator with two sides; always a new value. Throws {@link Unfit} for sides that do not go together. */
export function calculate(sign: Arithmetic, left: Value, right: Value, flags: MergeFlags, run: Run): Value {
  if (isScalar(left) && isScalar(right) && sign !== "//" && kindOf(left) === "number" && kindOf(right) === "number") {
    // Of the two zeros, YAML writes one.
    return scalar(numbers(sign, Number(left.value), Number(right.value)) + 0);
  }
  let result: Value | undefined;
  switch (sign) {
    case "+": result = add(left, right, run); break;
    case "-": result = subtract(left, right, run); break;
    case "*": result = multiply(left, right, flags, run); break;
    case "/": result = divide(left, right, run); break;
    case "//": result = run.copy(truthy(left) ? left : right); break;
    case "%": break;
  }
  if (result === undefined) throw new Unfit(`cannot ${VERBS[sign]} a ${kindOf(left)} and a ${kindOf(right)}`);
  return result;
}
