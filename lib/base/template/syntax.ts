/** The tree of a template. Every `at` is an offset in the source. */

export type Literal = string | number | boolean | null;

export type Operand = { readonly at: number } & (
  | { readonly kind: "literal"; readonly value: Literal }
  | { readonly kind: "dot" }
  | { readonly kind: "variable"; readonly slot: number; readonly name: string }
  | { readonly kind: "call"; readonly name: string }
  | { readonly kind: "pipe"; readonly pipe: Pipe }
  /** `.A.B`, `$x.A`, `(pipe).A`; the names with the offset of each. */
  | { readonly kind: "fields"; readonly of: Operand; readonly names: readonly (readonly [name: string, at: number])[] }
);

/** `first` alone, or a function with its arguments. */
export interface Command {
  readonly at: number;
  readonly first: Operand;
  readonly args: readonly Operand[];
}

export interface Pipe {
  readonly at: number;
  /** Slots of the variables set by it: one, or two for `range $i, $e := ...`. */
  readonly sets: readonly number[];
  readonly commands: readonly Command[];
}

export type Node =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "print" | "set"; readonly pipe: Pipe }
  | { readonly kind: "if" | "with" | "range"; readonly pipe: Pipe; readonly body: readonly Node[]; readonly otherwise: readonly Node[] }
  | { readonly kind: "template"; readonly at: number; readonly name: string; readonly pipe?: Pipe | undefined }
  | { readonly kind: "break" | "continue" };

export interface Template {
  readonly body: readonly Node[];
  /** Of `{{define "name"}}`. */
  readonly defined: ReadonlyMap<string, readonly Node[]>;
}

/** Blocks and parentheses within each other. */
export const MAX_NESTING = 100;
