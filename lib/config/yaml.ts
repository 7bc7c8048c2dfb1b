import { type Alias, Composer, type CST, Document, isAlias, isMap, isScalar, isSeq, Lexer, LineCounter, type Node, Pair, Parser, Scalar, stringify, visit, YAMLMap, YAMLSeq } from "yaml";
import { LimaError, messageOf } from "../base/errors.ts";

/** For the files that walk through documents (beside this one, and lib/expr); the package is named here and nowhere else. */
export { type Alias, isAlias, isMap, isScalar, isSeq, type Node, Pair, Scalar, visit, YAMLMap, YAMLSeq };

/** Texts above this are refused; the reference cuts them off in silence at the same size. */
export const YAML_MAX_BYTES = 4 * 1024 * 1024;
/** Levels of lists and maps within each other. */
export const MAX_DEPTH = 100;
/** Bounds the time that a text made of nothing but punctuation can take; the largest real files have some ten thousand. */
const MAX_TOKENS = 400_000;

export interface Position {
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
}

// oxlint-disable-next-line no-control-regex -- these are what YAML forbids in its text
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/;

/** Numbers keep the spelling they have in the file when a document is written again. */
function asWritten(tag: { readonly stringify?: unknown; readonly tag: string }): typeof tag {
  if (!/:(int|float)$/.test(tag.tag)) return tag;
  const original = tag.stringify as (item: Scalar, ...rest: unknown[]) => string;
  return { ...tag, stringify: (item: Scalar, ...rest: unknown[]) => item.source ?? original(item, ...rest) };
}

// Octal as YAML 1.1 has it: `0644` is 420 for the reference.
const legacyOctal = {
  tag: "tag:yaml.org,2002:int", default: true, test: /^[-+]?0[0-7]+$/,
  identify: () => false,
  resolve: (text: string) => Number.parseInt(text, 8),
  stringify: (item: Scalar) => item.source ?? String(item.value),
} as const;

const OPTIONS = {
  schema: "core", version: "1.2", uniqueKeys: false, logLevel: "silent",
  customTags: (tags: readonly unknown[]) => [legacyOctal, ...tags.map((tag) => (typeof tag === "object" ? asWritten(tag as { tag: string }) : tag))],
} as unknown as ConstructorParameters<typeof Composer>[0];

function syntaxError(source: string, { line, column }: Position, reason: string): LimaError {
  const text = reason.replace(/\.$/, "");
  return new LimaError("CONFIG_SYNTAX", `${source}:${line}:${column}: ${text.charAt(0).toLowerCase()}${text.slice(1)}`);
}

/** A composed first document with what is needed to report positions in it. */
export interface ComposedYaml {
  /** Without contents when the text is empty, or comments only. */
  readonly document: Document.Parsed;
  /** The text after the first document, from its `---` or `...` on. */
  readonly rest: string;
  readonly position: (offset: number) => Position;
  /** A syntax error at an offset. */
  readonly fail: (offset: number, reason: string) => LimaError;
}

function tokensOfFirstDocument(text: string, fail: (offset: number, reason: string) => LimaError, lines: LineCounter): CST.Token[] {
  const parser = new Parser(lines.addNewLine);
  lines.addNewLine(0);
  const tokens: CST.Token[] = [];
  const take = (token: CST.Token): boolean => {
    if (token.type === "error") throw fail(token.offset, token.message);
    tokens.push(token);
    return token.type === "document";
  };
  let count = 0;
  for (const lexeme of new Lexer().lex(text)) {
    if (++count > MAX_TOKENS) throw fail(parser.offset, `more than ${MAX_TOKENS} words and signs`);
    for (const token of parser.next(lexeme)) if (take(token)) return tokens;
    // Two entries of the stack for a level in block style.
    if (parser.stack.length > 2 * MAX_DEPTH) throw fail(parser.offset, `nested deeper than ${MAX_DEPTH} levels`);
  }
  for (const token of parser.end()) if (take(token)) return tokens;
  return tokens;
}

/**
 * Parses the first document of a text without giving it a meaning yet; for editing. Throws LimaError `CONFIG_SYNTAX`
 * (`SOURCE:LINE:COL: reason`) for what is no YAML, is over 4 MiB or is nested too deeply.
 */
export function composeYaml(text: string, source: string): ComposedYaml {
  if (Buffer.byteLength(text) > YAML_MAX_BYTES) throw new LimaError("CONFIG_SYNTAX", `${source}:1:1: the text is larger than 4 MiB`);
  const lines = new LineCounter();
  const position = (offset: number): Position => {
    const { line, col } = lines.linePos(Math.min(offset, text.length));
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const fail = (offset: number, reason: string): LimaError => syntaxError(source, position(offset), reason);
  const tokens = tokensOfFirstDocument(text, fail, lines);
  let document: Document.Parsed | undefined;
  try {
    [document] = new Composer(OPTIONS).compose(tokens, true, text.length);
  } catch (error) {
    throw fail(0, messageOf(error));
  }
  if (document === undefined) throw fail(0, "no document");
  const [wrong] = document.errors;
  if (wrong !== undefined) throw fail(wrong.pos[0], wrong.message);
  const control = text.search(CONTROL);
  if (control >= 0 && control < document.range[2]) throw fail(control, `control character U+${text.charCodeAt(control).toString(16).padStart(4, "0")} is not allowed in YAML`);
  const hasDocument = tokens.some((token) => token.type === "document");
  return { document, rest: hasDocument ? text.slice(document.range[2]) : "", position, fail };
}

/** YAML for plain values: 2 spaces, lists not indented under their key, no folding of long lines. */
export function stringifyYaml(value: unknown): string {
  return stringify(value, { indent: 2, indentSeq: false, lineWidth: 0, aliasDuplicateObjects: false });
}

// What readers of every version take for itself, without quotes.
const PLAIN = /^(?!(?:yes|no|on|off|true|false|null)$)[a-z][a-z0-9./_ -]*[a-z0-9]$/i;
// Text of several lines that a reader of 1.1 gives back unchanged: U+0085, U+2028 and U+2029 are line breaks to it.
const BLOCK = /^[!-~\u00a1-\u1fff][\t\n -~\u00a0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd]*\n$/;

/**
 * YAML for readers of version 1.1 (cloud-init): what they would take for something else than a string is quoted, such as
 * `yes`, `0644` or a MAC address, which is a number in base 60 to them.
 */
export function stringifyYaml11(value: unknown): string {
  const document = new Document(value, { aliasDuplicateObjects: false });
  visit(document, {
    Scalar(_, node) {
      if (typeof node.value === "string" && !PLAIN.test(node.value)) node.type = BLOCK.test(node.value) ? "BLOCK_LITERAL" : "QUOTE_DOUBLE";
    },
  });
  const text = document.toString({ indent: 2, indentSeq: false, lineWidth: 0, doubleQuotedMinMultiLineLength: Number.MAX_SAFE_INTEGER, directives: false });
  // These stand between double quotes only; JSON, whose escapes those are, allows them raw and YAML 1.1 does not.
  return text.replace(/[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
