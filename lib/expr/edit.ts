import { LimaError } from "../base/errors.ts";
import { changeDocument } from "../config/document.ts";
import { isAlias, isMap, type Node, visit } from "../config/yaml.ts";
import { Cell } from "./cell.ts";
import { evaluate } from "./evaluate.ts";
import { resolve, type Targets, type Value } from "./node.ts";
import { guarded, newPlace, type RunOptions } from "./run.ts";

/** What each alias of a document stands for. */
function targetsOf(contents: Node | null): Targets {
  const targets: Targets = new WeakMap();
  const anchors = new Map<string, Value>();
  if (contents !== null) visit(contents, {
    Node: (_, node) => {
      if (isAlias(node)) {
        const target = anchors.get(node.source);
        if (target !== undefined) targets.set(node, target);
      } else if (node.anchor !== undefined) anchors.set(node.anchor, resolve(node, targets));
    },
  });
  return targets;
}

/**
 * Applies expressions to a YAML text, one after the other; its comments and the order of its keys stay. Without
 * expressions the text is returned as it is.
 *
 * @param source Name of the text for messages.
 * @throws LimaError `EXPRESSION` with the position; also when the result is no single map, because the text is a
 *   configuration. `CONFIG_SYNTAX` for the text, `CONFIG_EDIT` when the result cannot be written.
 */
export function editYaml(text: string, source: string, expressions: readonly string[], options: RunOptions = {}): string {
  if (expressions.every((expression) => expression.trim() === "")) return text;
  return changeDocument(text, source, (contents) => {
    const place = newPlace(targetsOf(contents));
    let root = new Cell(place, resolve(contents, place.targets));
    for (const expression of expressions) {
      const results = evaluate(expression, root, place, options);
      const [result] = results;
      const refuse = (reason: string): LimaError => new LimaError("EXPRESSION", `expression ${JSON.stringify(expression)} ${reason}`, { hint: 'changes are written like ".cpus = 2 | .plain = true"' });
      if (result === undefined || results.length > 1) throw refuse(`must give one document, it gives ${results.length}`);
      if (!isMap(result.node)) throw refuse("must give a map");
      root = result === root ? root : guarded(expression, 0, () => new Cell(place, result.copy()));
    }
    return root.node;
  });
}
