import { isScalar, isSeq } from "../config/yaml.ts";
import { splitText } from "./arithmetic.ts";
import { Unfit } from "./cell.ts";
import { argValues, type Call, type FunctionDef, itemsOf, listOf, stringOf } from "./function.ts";
import { kindOf, scalar, seqOf, textOf, type Value } from "./node.ts";
import { findIn, parsePattern, replaceIn } from "./regex.ts";

function length(node: Value): number {
  if (!isScalar(node)) return node.items.length;
  return kindOf(node) === "null" ? 0 : Array.from(textOf(node)).length;
}

function toNumber(node: Value): number {
  const text = isScalar(node) ? textOf(node).trim() : "";
  if (!/^[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?$|^0x[0-9a-fA-F]+$/.test(text)) throw new Unfit(`cannot convert a ${kindOf(node)} to a number`);
  return Number(text);
}

function joined({ input, run, ...call }: Call): string {
  const separator = stringOf(argValues({ input, run, ...call })[0], "join");
  const text = itemsOf(listOf(input.node, "join"), run).map((item) => {
    if (!isScalar(item)) throw new Unfit(`join takes a list of scalars, not one with a ${kindOf(item)}`);
    return kindOf(item) === "null" ? "" : textOf(item);
  });
  run.budget.text(text.reduce((sum, part) => sum + part.length + separator.length, 0));
  return text.join(separator);
}

function replaced(call: Call): string {
  const [pattern, replacement] = argValues(call);
  return replaceIn(parsePattern(stringOf(pattern, "sub")), stringOf(call.input.node, "sub"), stringOf(replacement, "sub"), call.run.budget);
}

const onText = (name: string, change: (text: string) => string): FunctionDef => ({
  takes: [0, 0],
  run: ({ input, run }) => [run.of(change(stringOf(input.node, name)))],
});

/** What works on texts, or makes them. */
export const STRINGS: Readonly<Record<string, FunctionDef>> = {
  length: { takes: [0, 0], run: ({ input, run }) => [run.of(length(input.node))] },
  tostring: {
    takes: [0, 0],
    run: ({ input: { node }, run }) => [run.of(isScalar(node) ? textOf(node) : JSON.stringify(run.plain(node)))],
  },
  tonumber: { takes: [0, 0], run: ({ input, run }) => [run.of(toNumber(input.node))] },
  tojson: { takes: [0, 0], run: ({ input, run }) => [run.of(JSON.stringify(run.plain(input.node)))] },
  join: { takes: [1, 1], run: (call) => [call.run.of(joined(call))] },
  split: {
    takes: [1, 1],
    run: (call) => [call.run.cell(seqOf(splitText(stringOf(call.input.node, "split"), stringOf(argValues(call)[0], "split"), call.run).map((part) => scalar(part))))],
  },
  test: {
    takes: [1, 1],
    run: (call) => [call.run.of(findIn(parsePattern(stringOf(argValues(call)[0], "test")), stringOf(call.input.node, "test"), 0, call.run.budget) !== undefined)],
  },
  sub: { takes: [1, 2], run: (call) => [call.run.of(replaced(call))] },
  upcase: onText("upcase", (text) => text.toUpperCase()),
  downcase: onText("downcase", (text) => text.toLowerCase()),
  trim: onText("trim", (text) => text.trim()),
  tag: { takes: [0, 0], run: ({ input: { node }, run }) => [run.of(tagOf(node))] },
  type: { takes: [0, 0], run: ({ input: { node }, run }) => [run.of(tagOf(node))] },
};

/** As YAML names kinds: `!!map`. */
function tagOf(node: Value): string {
  if (!isScalar(node)) return isSeq(node) ? "!!seq" : "!!map";
  const kind = kindOf(node);
  if (kind === "number") return Number.isInteger(Number(node.value)) ? "!!int" : "!!float";
  return kind === "string" ? "!!str" : kind === "boolean" ? "!!bool" : "!!null";
}
