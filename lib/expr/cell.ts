import { isAlias, isMap, isScalar, isSeq, Pair, type Scalar, YAMLMap, YAMLSeq } from "../config/yaml.ts";
import type { Budget } from "./budget.ts";
import { copy, entriesOf, keyNode, keyText, kindOf, pairOf, resolve, scalar, type Targets, type Value } from "./node.ts";

/** Lists grow by at most this with `.list[N] = x`. */
const MAX_GAP = 1000;

/** Why a value cannot be put somewhere; becomes a LimaError where the position is known. */
export class Unfit extends Error {
  override readonly name = "Unfit";
}

export interface Place {
  readonly targets: Targets;
  readonly budget: Budget;
}

/** Comments stay where they are when a value takes the place of another; so do the quotes of a text. */
function dressed(node: Value, old: Value | undefined): Value {
  if (old === undefined || old === node) return node;
  if (isScalar(old) === isScalar(node)) {
    if (typeof old.comment === "string") node.comment ??= old.comment;
    if (typeof old.commentBefore === "string") node.commentBefore ??= old.commentBefore;
  }
  if (old.spaceBefore === true) node.spaceBefore = true;
  if (isScalar(old) && isScalar(node) && typeof old.value === "string" && typeof node.value === "string" && node.type === undefined && old.type?.startsWith("QUOTE") === true) node.type = old.type as Scalar.Type;
  if (old.anchor !== undefined) node.anchor = old.anchor;
  return node;
}

const aliasName = (node: unknown): string | undefined => (isAlias(node) ? node.source : undefined);

const foreign = (alias: string): Unfit => new Unfit(`the change would alter other values through the alias "${alias}"`);

/** A value and where it stands, so that it can be changed or deleted; a place may be empty as yet. */
export class Cell {
  node: Value;
  private readonly place: Place;
  private readonly parent: Cell | undefined;
  private readonly key: string | number;
  /** The value belongs to another place: the alias, or `<<`, by which it is seen here. */
  private shared: string | undefined;

  constructor(place: Place, node: Value, parent?: Cell, key: string | number = "", shared?: string) {
    place.budget.charge();
    this.shared = shared;
    this.place = place;
    this.node = node;
    this.parent = parent;
    this.key = key;
  }

  /** A value that stands nowhere. */
  fresh(node: Value): Cell {
    return new Cell(this.place, node);
  }

  /** `.key`: an empty place when there is none. */
  field(key: string): Cell {
    const { targets, budget } = this.place;
    if (isSeq(this.node)) throw new Unfit(`cannot index array with '${key}'`);
    if (!isMap(this.node)) return new Cell(this.place, scalar(null), this, key);
    const own = pairOf(this.node, key, budget);
    if (own !== undefined) return new Cell(this.place, resolve(own.value, targets), this, key, aliasName(own.value));
    const merged = entriesOf(this.node, targets, budget).get(key);
    return new Cell(this.place, merged?.value ?? scalar(null), this, key, merged === undefined ? undefined : "<<");
  }

  /** `[n]`; from the end when negative. */
  item(index: number): Cell {
    if (isMap(this.node)) return this.field(String(index));
    const length = isSeq(this.node) ? this.node.items.length : 0;
    const at = index < 0 ? index + length : index;
    if (!Number.isInteger(at) || at < 0) throw new Unfit(`index ${index} is out of range, the list has ${length} items`);
    const raw = isSeq(this.node) ? this.node.items[at] : undefined;
    return new Cell(this.place, resolve(raw, this.place.targets), this, at, aliasName(raw));
  }

  /** `[]`: all items; none of what is no list or map. */
  each(): Cell[] {
    const { node, place } = this;
    if (isSeq(node)) return node.items.map((item, i) => new Cell(place, resolve(item, place.targets), this, i, aliasName(item)));
    if (!isMap(node)) return [];
    return [...entriesOf(node, place.targets, place.budget)].map(([key, { value, alias }]) => new Cell(place, value, this, key, alias));
  }

  /** A copy of the value that can be put elsewhere. */
  copy(): Value {
    return copy(this.node, this.place.targets, this.place.budget);
  }

  /** Puts a value here, which must not stand anywhere else, and makes the way to here. */
  assign(node: Value): void {
    this.node = this.parent === undefined ? dressed(node, this.node) : this.parent.put(this.key, node);
    this.shared = undefined;
  }

  /** Takes the value out of the list or map that it stands in. */
  remove(): void {
    const box = this.parent?.node;
    if (!isSeq(box) && !isMap(box)) return;
    for (let above = this.parent; above !== undefined; above = above.parent) if (above.shared !== undefined) throw foreign(above.shared);
    this.place.budget.charge(1 + (box.items.length >> 4));
    const at = isMap(box)
      ? box.items.findIndex((pair) => keyText(pair.key) === this.key)
      : box.items.findIndex((item) => resolve(item, this.place.targets) === this.node);
    if (at >= 0) box.items.splice(at, 1);
  }

  private put(key: string | number, node: Value): Value {
    const box = this.container(key);
    const { targets } = this.place;
    if (isSeq(box)) {
      const at = Number(key);
      if (at > box.items.length + MAX_GAP) throw new Unfit(`index ${at} is out of range, the list has ${box.items.length} items`);
      while (box.items.length < at) box.items.push(scalar(null));
      const old = box.items[at];
      box.items[at] = dressed(node, isAlias(old) || old === undefined ? undefined : resolve(old, targets));
      return node;
    }
    const pair = pairOf(box, String(key), this.place.budget);
    if (pair === undefined) box.items.push(new Pair(keyNode(key), node));
    else pair.value = dressed(node, isAlias(pair.value) || pair.value === null ? undefined : resolve(pair.value, targets));
    return node;
  }

  /**
   * The list or map here, made where there is nothing. Looked up again each time: another cell for the same place may
   * have made it in the meantime.
   */
  private container(key: string | number): YAMLMap | YAMLSeq {
    const raw = this.parent === undefined ? this.node : this.parent.raw(this.key);
    if (isAlias(raw)) throw foreign(raw.source);
    if (isMap(raw) || isSeq(raw)) {
      this.node = raw;
      if (isSeq(raw) && typeof key === "string") throw new Unfit(`cannot index array with '${key}'`);
      return raw;
    }
    if (raw !== undefined && isScalar(raw) && kindOf(raw) !== "null") throw new Unfit(`cannot set ${JSON.stringify(key)} in a ${kindOf(raw)}`);
    // What `<<` mixes in becomes the map's own when it is changed.
    const made = isMap(this.node) || isSeq(this.node) ? (this.copy() as YAMLMap | YAMLSeq) : typeof key === "number" ? new YAMLSeq() : new YAMLMap();
    this.assign(made);
    return made;
  }

  /** What stands at a key of this value itself: not resolved, undefined when there is nothing. */
  private raw(key: string | number): unknown {
    const node = this.container(key);
    return isSeq(node) ? node.items[Number(key)] : pairOf(node, String(key), this.place.budget)?.value;
  }
}
