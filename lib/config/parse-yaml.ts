import { type Path, valueAt } from "./problem.ts";
import { type ComposedYaml, composeYaml, isAlias, isMap, isScalar, isSeq, MAX_DEPTH, type Node, type Pair, type Position, Scalar } from "./yaml.ts";

/** Nodes that may come out of all aliases together: enough for any real file, the end of every alias bomb. */
const MAX_ALIASED = 20_000;

export interface Spot {
  /** The key itself instead of its value. */
  readonly key?: boolean;
  /** Line (from 0) inside a text value; counts only in `|` blocks, where lines of the value are lines of the file. */
  readonly textLine?: number;
}

/** The first document of a YAML text as plain values: null, boolean, number, bigint, string, array, object without prototype. */
export interface ParsedYaml {
  /** File name or locator for messages. */
  readonly source: string;
  readonly value: unknown;
  /** Position of what is at `path`, or of the nearest thing above it that exists. */
  locate(path: Path, spot?: Spot): Position;
}

interface Place { readonly key: number; readonly value: number; readonly block: boolean }

/** Turns nodes into plain values, checks keys, follows aliases and merge keys within bounds, notes where all came from. */
class Reader {
  readonly places = new WeakMap<object, Map<string | number, Place>>();
  private readonly anchors = new Map<string, Node>();
  private readonly open = new Set<Node>();
  private aliasDepth = 0;
  private aliased = 0;
  private readonly fail: ComposedYaml["fail"];

  constructor(fail: ComposedYaml["fail"]) {
    this.fail = fail;
  }

  read(node: unknown, depth = 0): unknown {
    if (isAlias(node)) return this.readAlias(node, depth);
    if (!isScalar(node) && !isMap(node) && !isSeq(node)) return null;
    if (node.anchor !== undefined) this.anchors.set(node.anchor, node);
    if (this.aliasDepth > 0 && ++this.aliased > MAX_ALIASED) throw this.fail(offsetOf(node), `aliases expand to more than ${MAX_ALIASED} values`);
    if (isScalar(node)) return scalarValue(node);
    if (depth >= MAX_DEPTH) throw this.fail(offsetOf(node), `nested deeper than ${MAX_DEPTH} levels`);
    this.open.add(node);
    const value = isMap(node) ? this.readMap(node.items, depth + 1) : this.readList(node.items, depth + 1);
    this.open.delete(node);
    return value;
  }

  private readAlias(node: Node & { readonly source: string }, depth: number): unknown {
    const target = this.anchors.get(node.source);
    if (target === undefined) throw this.fail(offsetOf(node), `alias "${node.source}" names no anchor before it`);
    if (this.open.has(target)) throw this.fail(offsetOf(node), `alias "${node.source}" contains itself`);
    this.aliasDepth++;
    const value = this.read(target, depth);
    this.aliasDepth--;
    return value;
  }

  private readList(items: readonly unknown[], depth: number): unknown[] {
    const places = new Map<string | number, Place>();
    const list = items.map((item, i) => {
      places.set(i, { key: offsetOf(item), value: offsetOf(item), block: isBlock(item) });
      return this.read(item, depth);
    });
    this.places.set(list, places);
    return list;
  }

  private readMap(pairs: readonly Pair[], depth: number): Record<string, unknown> {
    // Without a prototype, a key named __proto__ is a key like any other.
    const map = Object.create(null) as Record<string, unknown>;
    const places = new Map<string | number, Place>();
    const merged: Record<string, unknown>[] = [];
    for (const { key, value } of pairs) {
      const offset = offsetOf(key);
      if (isScalar(key) && key.value === "<<" && key.type === Scalar.PLAIN) {
        merged.push(...this.readMerge(value, depth));
        continue;
      }
      const name = this.keyName(key, offset);
      if (Object.hasOwn(map, name)) throw this.fail(offset, `key "${name}" is given twice in one map`);
      map[name] = this.read(value, depth);
      places.set(name, { key: offset, value: offsetOf(value) || offset, block: isBlock(value) });
    }
    for (const source of merged) {
      for (const name of Object.keys(source)) {
        if (Object.hasOwn(map, name)) continue;
        map[name] = source[name];
        const place = this.places.get(source)?.get(name);
        if (place !== undefined) places.set(name, place);
      }
    }
    this.places.set(map, places);
    return map;
  }

  private readMerge(node: unknown, depth: number): Record<string, unknown>[] {
    const value = this.read(node, depth);
    const list: unknown[] = Array.isArray(value) ? value : [value];
    if (!list.every((item): item is Record<string, unknown> => typeof item === "object" && item !== null && !Array.isArray(item))) {
      throw this.fail(offsetOf(node), `merge key "<<" takes a map or a list of maps`);
    }
    return list;
  }

  private keyName(key: unknown, offset: number): string {
    const value = this.read(key);
    if (typeof value === "object" && value !== null) throw this.fail(offset, "a key must be a word, not a list or a map");
    if (typeof value === "string") return value;
    return isScalar(key) ? (key.source ?? String(value)) : String(value);
  }
}

function offsetOf(node: unknown): number {
  return (isScalar(node) || isMap(node) || isSeq(node) || isAlias(node)) ? (node.range?.[0] ?? 0) : 0;
}

function isBlock(node: unknown): boolean {
  return isScalar(node) && node.type === Scalar.BLOCK_LITERAL;
}

function scalarValue(node: Scalar): unknown {
  const { value, source } = node;
  if (node.tag === "tag:yaml.org,2002:binary") return Buffer.from(source ?? String(value), "base64").toString("utf8");
  if (typeof value === "number" && Number.isInteger(value) && !Number.isSafeInteger(value) && source !== undefined && /^[-+]?\d{1,40}$/.test(source)) return BigInt(source);
  if (value === null || typeof value === "string" || typeof value === "number" || typeof value === "boolean" || typeof value === "bigint") return value;
  return source ?? "";
}

/** What the nodes of a document mean, as {@link parseYaml} gives it. */
export function readNodes(node: unknown, fail: ComposedYaml["fail"]): unknown {
  return new Reader(fail).read(node);
}

/**
 * Reads the first document of a YAML text (an empty one is null). Throws LimaError `CONFIG_SYNTAX` with
 * `SOURCE:LINE:COL: reason`, also for a repeated key, an alias that explodes, and limits exceeded.
 */
export function parseYaml(text: string, source: string): ParsedYaml {
  const { document, position, fail } = composeYaml(text, source);
  const reader = new Reader(fail);
  const value = reader.read(document.contents);
  const start = offsetOf(document.contents);
  const locate = (path: Path, spot: Spot = {}): Position => {
    let found: Place = { key: start, value: start, block: false };
    let exact = true;
    for (let i = 0; i < path.length && exact; i++) {
      const parent = valueAt(value, path.slice(0, i));
      const step = path[i] ?? "";
      const place = typeof parent === "object" && parent !== null ? reader.places.get(parent)?.get(step) : undefined;
      if (place === undefined) exact = false;
      else found = place;
    }
    if (!exact || spot.key === true) return position(found.key);
    const at = position(found.value);
    return found.block && spot.textLine !== undefined ? { line: at.line + 1 + spot.textLine, column: 1 } : at;
  };
  return { source, value, locate };
}
