import { expressionError } from "./error.ts";

/** `sign` is an operator or a bracket; `field` is `.name` or `."name"`. */
export type TokenKind = "sign" | "field" | "name" | "string" | "number" | "end";

export interface Token {
  readonly kind: TokenKind;
  /** The sign itself, the name, or the value of a string. */
  readonly text: string;
  /** Offset in the expression. */
  readonly at: number;
  readonly end: number;
}

/** Bytes of nonsense cost time; no expression that a person writes is longer. */
const MAX_LENGTH = 64 * 1024;

const BLANK = /(?:\s+|#[^\n]*)+/y;
// Dashes inside a key belong to it, as in `.user-v2`.
const FIELD = /\.([\p{L}\p{N}_$]+(?:-+[\p{L}\p{N}_$]+)*)/uy;
const NAME = /@?[\p{L}_][\p{L}\p{N}_]*/uy;
const NUMBER = /(?:0[xX][0-9a-fA-F]+|\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)(?![\p{L}\p{N}_])/uy;
const STRING = /"((?:[^"\\]|\\[^])*)"/y;
// A flag of `*` is one only where no name goes on behind it: `.a *null`.
const SIGN = /\*[+?nd]*(?![\p{L}\p{N}_])=?|\/\/=?|[|+\-=!<>]=|\.\.|[.[\](){}|,;:=<>+\-*/%?~]/uy;

const ESCAPES: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r", '"': '"', "\\": "\\", "/": "/", b: "\b", f: "\f" };

function unescape(expression: string, raw: string, from: number): string {
  return raw.replace(/\\(u[0-9a-fA-F]{4}|[^])/g, (_, escape: string, at: number) => {
    if (escape.length === 5) return String.fromCharCode(Number.parseInt(escape.slice(1), 16));
    const sign = ESCAPES[escape];
    if (escape === "(") throw expressionError(expression, from + at, "interpolation in strings is not supported");
    // What is no escape stays, which regular expressions rely on.
    return sign ?? `\\${escape}`;
  });
}

/** Splits an expression into words and signs. Throws LimaError `EXPRESSION`. */
export function tokenize(expression: string): readonly Token[] {
  if (expression.length > MAX_LENGTH) throw expressionError(expression, MAX_LENGTH, `longer than ${MAX_LENGTH} characters`);
  const tokens: Token[] = [];
  let at = 0;
  const match = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    return pattern.exec(expression);
  };
  const push = (kind: TokenKind, text: string, end: number): void => {
    tokens.push({ kind, text, at, end });
    at = end;
  };
  for (;;) {
    at += match(BLANK)?.[0].length ?? 0;
    if (at >= expression.length) break;
    let found;
    if ((found = match(FIELD)) !== null) push("field", found[1] ?? "", at + found[0].length);
    else if ((found = match(STRING)) !== null) push("string", unescape(expression, found[1] ?? "", at + 1), at + found[0].length);
    else if ((found = match(NUMBER)) !== null) push("number", found[0], at + found[0].length);
    else if ((found = match(NAME)) !== null) push("name", found[0], at + found[0].length);
    else if ((found = match(SIGN)) !== null) push("sign", found[0], at + found[0].length);
    else if (expression[at] === '"') throw expressionError(expression, at, "the string has no closing quote");
    else if (expression[at] === "$") throw expressionError(expression, at, "variables are not supported");
    else throw expressionError(expression, at, `unknown operator ${JSON.stringify(String.fromCodePoint(expression.codePointAt(at) ?? 0))}`);
  }
  tokens.push({ kind: "end", text: "", at, end: at });
  return tokens;
}
