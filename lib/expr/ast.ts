export type Scalar = string | number | boolean | null;

/** How `*` merges: `+` joins lists, `d` merges them item by item, `?` changes only what exists, `n` adds only what does not. */
export interface MergeFlags {
  readonly append: boolean;
  readonly deep: boolean;
  readonly onlyExisting: boolean;
  readonly onlyNew: boolean;
}

export type Arithmetic = "+" | "-" | "*" | "/" | "%" | "//";
export type Comparison = "==" | "!=" | "<" | "<=" | ">" | ">=";

interface Common {
  /** Offset of its sign or name in the expression, for messages. */
  readonly at: number;
}

/** An expression as a tree. */
export type Ast = Common & (
  | { readonly kind: "identity" | "recurse" }
  | { readonly kind: "literal"; readonly value: Scalar }
  | { readonly kind: "array"; readonly body: Ast | undefined }
  | { readonly kind: "object"; readonly entries: readonly (readonly [Ast, Ast])[] }
  | { readonly kind: "field"; readonly of: Ast; readonly name: string }
  | { readonly kind: "index"; readonly of: Ast; readonly by: Ast }
  | { readonly kind: "slice"; readonly of: Ast; readonly from: Ast | undefined; readonly to: Ast | undefined }
  | { readonly kind: "each"; readonly of: Ast }
  | { readonly kind: "pipe" | "comma" | "and" | "or" | "assign" | "update"; readonly left: Ast; readonly right: Ast }
  | { readonly kind: "compare"; readonly sign: Comparison; readonly left: Ast; readonly right: Ast }
  | { readonly kind: "arithmetic" | "change"; readonly sign: Arithmetic; readonly flags: MergeFlags; readonly left: Ast; readonly right: Ast }
  | { readonly kind: "negate"; readonly of: Ast }
  | { readonly kind: "call"; readonly name: string; readonly args: readonly Ast[] }
  | { readonly kind: "env"; readonly variable: string; readonly asText: boolean }
);
