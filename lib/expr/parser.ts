import type { Arithmetic, Ast, Comparison, MergeFlags } from "./ast.ts";
import { ENV_DISABLED, expressionError, FILES_DISABLED, SYSTEM_DISABLED } from "./error.ts";
import { FUNCTIONS } from "./functions.ts";
import { type Token, tokenize } from "./lexer.ts";

/** Expressions within each other; the evaluator goes as deep. */
const MAX_NESTING = 200;

// As yq binds: a pipe binds tighter than "," and "and", all arithmetic binds alike and from the left.
const LOWEST = 10;
const LOGIC = 20;
const PIPE = 30;
const ASSIGN = 40;
const ARITHMETIC = 42;

const DISABLED: readonly (readonly [RegExp, string])[] = [
  [/^envsubst$/, ENV_DISABLED],
  [/^load([a-z]+)?$/, FILES_DISABLED],
  [/^system$/, SYSTEM_DISABLED],
];

function levelOf({ kind, text }: Token): number | undefined {
  if (kind === "name") return text === "and" || text === "or" ? LOGIC : undefined;
  if (kind !== "sign") return undefined;
  if (text === ",") return LOWEST;
  if (text === "|") return PIPE;
  if (/^(?:[=!<>|+-]=|\*.*=|\/\/=|[=<>])$/.test(text)) return ASSIGN;
  return /^(?:[+\-/%]|\/\/|\*[+?nd]*)$/.test(text) ? ARITHMETIC : undefined;
}

function mergeFlags(sign: string): MergeFlags {
  return { append: sign.includes("+") && sign.startsWith("*"), deep: sign.includes("d"), onlyExisting: sign.includes("?"), onlyNew: sign.includes("n") };
}

function binary({ text, at }: Token, left: Ast, right: Ast): Ast {
  switch (text) {
    case ",": return { kind: "comma", at, left, right };
    case "|": return { kind: "pipe", at, left, right };
    case "and": case "or": return { kind: text, at, left, right };
    case "=": return { kind: "assign", at, left, right };
    case "|=": return { kind: "update", at, left, right };
    case "==": case "!=": case "<": case "<=": case ">": case ">=": return { kind: "compare", at, sign: text satisfies Comparison, left, right };
  }
  const flags = mergeFlags(text);
  const change = text.endsWith("=");
  const sign = (text.startsWith("*") ? "*" : change ? text.slice(0, -1) : text) as Arithmetic;
  return { kind: change ? "change" : "arithmetic", at, sign, flags, left, right };
}

const changes = ({ kind }: Ast): boolean => kind === "assign" || kind === "update" || kind === "change";

class Parser {
  private readonly text: string;
  private readonly tokens: readonly Token[];
  private readonly envAllowed: boolean;
  private next = 0;
  private depth = 0;

  constructor(text: string, envAllowed: boolean) {
    this.text = text;
    this.tokens = tokenize(text);
    this.envAllowed = envAllowed;
  }

  whole(): Ast {
    if (this.token.kind === "end") return { kind: "identity", at: 0 };
    const ast = this.expression(LOWEST);
    if (this.next < this.tokens.length - 1) throw this.unexpected();
    return ast;
  }

  private get token(): Token {
    const token = this.tokens[this.next];
    if (token === undefined) throw new Error("read past the end of an expression");
    return token;
  }

  private take(): Token {
    const { token } = this;
    if (token.kind !== "end") this.next++;
    return token;
  }

  private sees(sign: string): boolean {
    return this.token.kind === "sign" && this.token.text === sign;
  }

  private accept(sign: string): boolean {
    if (!this.sees(sign)) return false;
    this.next++;
    return true;
  }

  private expect(sign: string): void {
    if (!this.accept(sign)) throw this.fail(`expected "${sign}" before ${this.nameOf(this.token)}`);
  }

  private fail(reason: string, at = this.token.at): Error {
    return expressionError(this.text, at, reason);
  }

  private nameOf({ kind, at, end }: Token): string {
    return kind === "end" ? "the end" : JSON.stringify(this.text.slice(at, end));
  }

  private follows(kind: Token["kind"], text?: string): boolean {
    const token = this.tokens[this.next + 1];
    return token?.kind === kind && token.at === this.token.end && (text === undefined || token.text === text);
  }

  private unexpected(): Error {
    return this.fail(`unexpected ${this.nameOf(this.token)}`);
  }

  private expression(least: number): Ast {
    if (++this.depth > MAX_NESTING) throw this.fail(`nested deeper than ${MAX_NESTING} levels`);
    let left = this.postfix(this.primary());
    for (let chain = 0; ; chain++) {
      const sign = this.token;
      const level = levelOf(sign);
      if (level === undefined || level < least) break;
      if (chain > MAX_NESTING * 5) throw this.fail(`more than ${MAX_NESTING * 5} operators in a row`);
      // yq would go on with the whole document, which nobody means.
      if (changes(left) && (level === ASSIGN || level === LOGIC)) throw this.fail(`put parentheses around one side of ${this.nameOf(sign)}, it follows an assignment`);
      this.next++;
      left = binary(sign, left, this.expression(level + 1));
    }
    this.depth--;
    return left;
  }

  private postfix(start: Ast): Ast {
    let of = start;
    for (let chain = 0; ; chain++) {
      if (chain > MAX_NESTING) throw this.fail(`more than ${MAX_NESTING} steps in a path`);
      const { kind, text, at } = this.token;
      if (kind === "field") {
        this.next++;
        of = { kind: "field", at, of, name: text };
      } else if (this.sees("[")) of = this.brackets(of);
      else if (this.sees(".") && this.follows("sign", "[")) this.next++;
      else if (this.sees(".") && this.follows("string")) {
        this.next++;
        of = { kind: "field", at, of, name: this.take().text };
      }
      else if (this.sees("?")) this.next++;
      else return of;
    }
  }

  /** `[]`, `[1]`, `["key"]`, `[1:3]` behind a value. */
  private brackets(of: Ast): Ast {
    const { at } = this.take();
    if (this.accept("]")) return { kind: "each", at, of };
    const from = this.sees(":") ? undefined : this.expression(LOWEST);
    if (this.accept(":")) {
      const to = this.sees("]") ? undefined : this.expression(LOWEST);
      this.expect("]");
      return { kind: "slice", at, of, from, to };
    }
    this.expect("]");
    return from === undefined ? { kind: "each", at, of } : { kind: "index", at, of, by: from };
  }

  private primary(): Ast {
    const token = this.take();
    const { kind, text, at } = token;
    switch (kind) {
      case "string": return { kind: "literal", at, value: text };
      case "number": return { kind: "literal", at, value: Number(text) };
      case "field": return { kind: "field", at, of: { kind: "identity", at }, name: text };
      case "name": return this.named(token);
      case "end": throw this.fail("expected a value before the end", at);
      case "sign": break;
    }
    switch (text) {
      case ".": return this.quotedField(at);
      case "..": return { kind: "recurse", at };
      case "~": return { kind: "literal", at, value: null };
      case "-": return { kind: "negate", at, of: this.expression(ARITHMETIC + 1) };
      case "(": return this.closed(")");
      case "[": return this.accept("]") ? { kind: "array", at, body: undefined } : { kind: "array", at, body: this.closed("]") };
      case "{": return this.object(at);
    }
    this.next--;
    throw this.fail(`expected a value before ${this.nameOf(token)}`);
  }

  /** `."a key"`, or the value itself. */
  private quotedField(at: number): Ast {
    const of: Ast = { kind: "identity", at };
    const { kind, text, at: from } = this.token;
    if (kind !== "string" || from !== at + 1) return of;
    this.next++;
    return { kind: "field", at, of, name: text };
  }

  private closed(sign: string): Ast {
    const body = this.expression(LOWEST);
    this.expect(sign);
    return body;
  }

  private object(at: number): Ast {
    const entries: (readonly [Ast, Ast])[] = [];
    while (!this.accept("}")) {
      const key = this.take();
      const computed = key.kind === "sign" && key.text === "(";
      if (!computed && !["name", "string", "number"].includes(key.kind)) throw this.fail(`expected a key before ${this.nameOf(key)}`, key.at);
      const name: Ast = computed ? this.closed(")") : { kind: "literal", at: key.at, value: key.text };
      this.expect(":");
      entries.push([name, this.expression(LOGIC)]);
      if (!this.sees("}")) this.expect(",");
    }
    return { kind: "object", at, entries };
  }

  private named({ text, at }: Token): Ast {
    switch (text) {
      case "true": case "false": return { kind: "literal", at, value: text === "true" };
      case "null": return { kind: "literal", at, value: null };
    }
    // `to_entries` and `toentries` are one function.
    const name = text.replaceAll("_", "");
    for (const [pattern, reason] of DISABLED) if (pattern.test(name)) throw this.fail(reason, at);
    if (name === "env" || name === "strenv") return this.env(name, at);
    const known = FUNCTIONS.get(name);
    if (known === undefined) throw this.fail(`unknown function ${JSON.stringify(text)}`, at);
    const args: Ast[] = [];
    if (this.accept("(")) {
      do args.push(this.expression(LOWEST)); while (this.accept(";"));
      this.expect(")");
    }
    const [least, most] = known.takes;
    if (args.length < least || args.length > most) throw this.fail(`${text} takes ${least === most ? least : `${least} to ${most}`} argument${most === 1 ? "" : "s"}, not ${args.length}`, at);
    return { kind: "call", at, name, args };
  }

  private env(name: string, at: number): Ast {
    if (!this.envAllowed) throw this.fail(ENV_DISABLED, at);
    this.expect("(");
    const { kind, text } = this.take();
    if (kind !== "name") throw this.fail(`${name} takes the name of a variable`, at);
    this.expect(")");
    return { kind: "env", at, variable: text, asText: name === "strenv" };
  }
}

/**
 * Parses an expression; an empty one is `.`. Throws LimaError `EXPRESSION` with the position, also for an operator that
 * does not exist.
 */
export function parseExpression(text: string, { envAllowed = false }: { readonly envAllowed?: boolean } = {}): Ast {
  return new Parser(text, envAllowed).whole();
}
