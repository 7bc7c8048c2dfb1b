import { isDeepStrictEqual } from "node:util";
import { LimaError, messageOf } from "../base/errors.ts";
import { parseYaml, readNodes } from "./parse-yaml.ts";
import type { Path } from "./problem.ts";
import { type ComposedYaml, composeYaml, isMap, isScalar, type Node, visit } from "./yaml.ts";

type Document = ComposedYaml["document"];

/** Marks a comment that stands behind a value, until it is printed. */
const BEHIND = "\ue000";

/** Comments behind a value get two spaces before them, as the reference writes them; the library would leave one. */
function print(document: Document): string {
  visit(document, {
    Scalar: (_, node) => {
      if (typeof node.comment === "string" && !node.comment.includes("\n")) node.comment = BEHIND + node.comment;
    },
  });
  return document.toString({
    indent: 2,
    indentSeq: false,
    lineWidth: 0,
    flowCollectionPadding: false,
    commentString: (comment) => comment.replace(/^(?!$)(\ue000)?/gm, (_, behind: string | undefined) => (behind === undefined ? "#" : " #")).replace(/^# $/gm, "#"),
  });
}

/** The text of a changed document. Throws LimaError `CONFIG_EDIT` when it would not mean what it should. */
function printChecked({ document, rest }: ComposedYaml, source: string, meaning: () => unknown): string {
  const refuse = (reason: string): LimaError => new LimaError("CONFIG_EDIT", `cannot edit "${source}": ${reason}`, { hint: "edit the file by hand" });
  let text;
  let expected;
  try {
    expected = meaning();
    text = print(document) + rest.replace(/^\n/, "");
  } catch (error) {
    throw refuse(messageOf(error));
  }
  if (!isDeepStrictEqual(normal(parseYaml(text, source).value), normal(expected))) throw refuse("the change would alter other values through an anchor");
  return text;
}

/**
 * Changes the nodes of a YAML text's first document and prints it again; comments, order and other documents stay.
 *
 * @param change Takes the contents (null: there are none) and gives what they become: changed in place, or new nodes.
 * @throws LimaError `CONFIG_SYNTAX` for the text, `CONFIG_EDIT` when the result cannot be written.
 */
export function changeDocument(text: string, source: string, change: (contents: Node | null) => Node): string {
  parseYaml(text, source);
  const composed = composeYaml(text, source);
  composed.document.contents = change(composed.document.contents) as Document["contents"];
  return printChecked(composed, source, () => readNodes(composed.document.contents, composed.fail));
}

/** A YAML text that is changed value by value; comments and the order of keys stay as the user has them. */
export class YamlEditor {
  private readonly composed: ComposedYaml;
  private readonly document: Document;
  private readonly source: string;
  /** What the text must mean in the end. */
  private expected: Record<string, unknown>;

  /** Throws LimaError `CONFIG_SYNTAX`, also when the text is something else than a map. */
  constructor(text: string, source: string) {
    this.source = source;
    const { value } = parseYaml(text, source);
    this.composed = composeYaml(text, source);
    this.document = this.composed.document;
    if (value !== null && (typeof value !== "object" || Array.isArray(value))) throw this.composed.fail(0, "the document must be a map");
    this.expected = { ...value };
  }

  /** The value at a path of map keys, or undefined. */
  get(path: readonly string[]): unknown {
    return path.reduce<unknown>((at, key) => (typeof at === "object" && at !== null && Object.hasOwn(at, key) ? (at as Record<string, unknown>)[key] : undefined), this.expected);
  }

  /** Puts a value at a path of map keys, and makes the maps on the way. */
  set(path: readonly string[], value: unknown): void {
    for (let i = 0; i < path.length; i++) this.ensureMap(path.slice(0, i));
    const old: unknown = this.document.getIn(path, true);
    const node = this.document.createNode(value);
    if (isScalar(old) && isScalar(node) && old.anchor === undefined) {
      node.comment = old.comment ?? null;
      node.commentBefore = old.commentBefore ?? null;
      node.spaceBefore = old.spaceBefore ?? false;
    }
    this.document.setIn(path, node);
    this.expected = withValue(this.expected, path, value);
  }

  /** The new text, in block style with 2 spaces. Throws LimaError `CONFIG_EDIT` when it would not mean what was set. */
  toString(): string {
    return printChecked(this.composed, this.source, () => this.expected);
  }

  private ensureMap(path: Path): void {
    const node: unknown = path.length === 0 ? this.document.contents : this.document.getIn(path, true);
    if (isMap(node)) return;
    const map = this.document.createNode({});
    if (isScalar(node)) map.commentBefore = node.comment ?? node.commentBefore ?? null;
    if (path.length > 0) this.document.setIn(path, map);
    // The type holds what the parser made; a map may take the place of nothing.
    else this.document.contents = map as unknown as Document["contents"];
  }
}

/** A copy of a map with one value changed; everything on the way that is no map becomes one. */
function withValue(root: unknown, path: readonly string[], value: unknown): Record<string, unknown> {
  const base = typeof root === "object" && root !== null && !Array.isArray(root) ? (root as Record<string, unknown>) : {};
  const [key = "", ...rest] = path;
  return { ...base, [key]: rest.length === 0 ? value : withValue(base[key], rest, value) };
}

/** Comparable: maps with and without a prototype are the same. */
function normal(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(normal);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, normal(item)]));
}
