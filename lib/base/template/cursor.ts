import { TemplateFault } from "./fault.ts";
import { MAX_NESTING } from "./syntax.ts";
import { type Token, type TokenKind, tokensOf } from "./tokens.ts";

/** Walks over the tokens of a template, one ahead. */
export class Cursor {
  readonly #tokens: Iterator<Token>;
  #depth = 0;
  /** The token that is next. */
  next: Token;

  constructor(source: string) {
    this.#tokens = tokensOf(source);
    this.next = { kind: "end", text: "", at: 0 };
    this.take();
  }

  take(): Token {
    const token = this.next;
    const step = this.#tokens.next();
    if (step.done !== true) this.next = step.value;
    return token;
  }

  /** Takes the next token if it is this one. */
  skip(kind: TokenKind, text?: string): boolean {
    const found = this.at(kind, text);
    if (found) this.take();
    return found;
  }

  at(kind: TokenKind, text?: string): boolean {
    return this.next.kind === kind && (text === undefined || this.next.text === text);
  }

  expect(kind: TokenKind, what: string): Token {
    if (this.next.kind !== kind) throw this.unexpected(what);
    return this.take();
  }

  unexpected(where: string): TemplateFault {
    const { kind, text, at } = this.next;
    const found = kind === "close" ? '"}}"' : kind === "end" ? "end of the text" : JSON.stringify(kind === "space" ? " " : text);
    return new TemplateFault(`unexpected ${found} in ${where}`, at);
  }

  /** Runs a step of the parser that can contain itself. */
  nested<T>(step: () => T): T {
    if (++this.#depth > MAX_NESTING) throw new TemplateFault(`nested deeper than ${MAX_NESTING} levels`, this.next.at);
    const result = step();
    this.#depth--;
    return result;
  }
}
