import { TemplateFault } from "./fault.ts";

export type TokenKind = "text" | "open" | "close" | "space" | "field" | "variable" | "word" | "string" | "char" | "number" | "sign" | "end";

export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
  readonly at: number;
}

// One alternative for each kind, in the order of KINDS. None of them can match one text in two ways.
const TOKEN = new RegExp(
  [
    String.raw`([ \t\r\n]+)`,
    String.raw`(\.[\p{L}_][\p{L}\p{Nd}_]*)`,
    String.raw`(\$[\p{L}\p{Nd}_]*)`,
    String.raw`([\p{L}_][\p{L}\p{Nd}_]*)`,
    String.raw`("[^"\\\n]*(?:\\.[^"\\\n]*)*"|${"`"}[^${"`"}]*${"`"})`,
    String.raw`('[^'\\\n]*(?:\\.[^'\\\n]*)*')`,
    String.raw`([+-]?(?:0[xXbBoO][\da-fA-F_]+|(?:\d[\d_]*(?:\.[\d_]*)?|\.\d[\d_]*)(?:[eE][+-]?\d+)?)(?![\p{L}\p{Nd}_.]))`,
    String.raw`(:=|[=|(),.])`,
  ].join("|"),
  "uy",
);
const KINDS = ["space", "field", "variable", "word", "string", "char", "number", "sign"] as const;
const CLOSE = /(?:[ \t\r\n]+-)?\}\}/y;

const isSpace = (char: string | undefined): boolean => char === " " || char === "\t" || char === "\n" || char === "\r";

function trimmed(text: string, start: boolean, end: boolean): string {
  let from = 0;
  let to = text.length;
  while (start && from < to && isSpace(text[from])) from++;
  while (end && to > from && isSpace(text[to - 1])) to--;
  return text.slice(from, to);
}

function closeAt(source: string, at: number): string | undefined {
  CLOSE.lastIndex = at;
  return CLOSE.exec(source)?.[0];
}

function unreadable(source: string, at: number): TemplateFault {
  const rest = source.slice(at, at + 20);
  if (/^["'`]/.test(rest)) return new TemplateFault(`unclosed quote ${JSON.stringify(rest)}`, at);
  const number = /^[+-]?\.?\d[\w.]*/.exec(rest)?.[0];
  return new TemplateFault(number === undefined ? `unexpected ${JSON.stringify(String.fromCodePoint(rest.codePointAt(0) ?? 0))} in an action` : `cannot read the number ${number}`, at);
}

/** The tokens of a template's text, in order; trimming done and comments left out. Throws TemplateFault. */
export function* tokensOf(source: string): Generator<Token> {
  let at = 0;
  let trimStart = false;
  for (;;) {
    const open = source.indexOf("{{", at);
    const end = open < 0 ? source.length : open;
    const trimEnd = open >= 0 && source[open + 2] === "-" && isSpace(source[open + 3]);
    const text = trimmed(source.slice(at, end), trimStart, trimEnd);
    if (text !== "") yield { kind: "text", text, at };
    if (open < 0) break;
    at = open + (trimEnd ? 4 : 2);
    const comment = source.startsWith("/*", at);
    if (comment) {
      const stop = source.indexOf("*/", at + 2);
      if (stop < 0) throw new TemplateFault("unclosed comment", open);
      at = stop + 2;
      if (closeAt(source, at) === undefined) throw new TemplateFault(`a comment must be followed by "}}"`, at);
    } else yield { kind: "open", text: "{{", at: open };
    let close: string | undefined;
    while ((close = closeAt(source, at)) === undefined) {
      if (at >= source.length) throw new TemplateFault(`"{{" without "}}", write {{"{{"}} for the two braces themselves`, open);
      TOKEN.lastIndex = at;
      const match = TOKEN.exec(source);
      if (match === null) throw unreadable(source, at);
      const kind = KINDS[match.slice(1).findIndex((part) => part !== undefined)] ?? "sign";
      yield { kind, text: match[0], at };
      at += match[0].length;
    }
    if (!comment) yield { kind: "close", text: close, at };
    at += close.length;
    trimStart = close.length > 2;
  }
  yield { kind: "end", text: "", at: source.length };
}
