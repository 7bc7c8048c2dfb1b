import { Unfit } from "./cell.ts";

/** A regular expression as a tree. */
export type Pattern =
  | { readonly kind: "char"; readonly is: (char: string) => boolean }
  | { readonly kind: "sequence" | "choice"; readonly of: readonly Pattern[] }
  | { readonly kind: "group"; readonly of: Pattern; readonly index: number }
  | { readonly kind: "repeat"; readonly of: Pattern; readonly least: number; readonly most: number; readonly greedy: boolean }
  | { readonly kind: "start" | "end" | "word" | "notWord" };

export interface Parsed {
  readonly pattern: Pattern;
  readonly groups: number;
}

const MAX_NESTING = 100;
/** As in RE2. */
const MAX_REPEAT = 1000;

const SHORT: Readonly<Record<string, RegExp>> = { d: /[0-9]/, D: /[^0-9]/, w: /[0-9A-Za-z_]/, W: /[^0-9A-Za-z_]/, s: /[\t\n\f\r ]/, S: /[^\t\n\f\r ]/ };
const CONTROL: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r", f: "\f", v: "\v" };

class PatternParser {
  groups = 0;
  private readonly chars: readonly string[];
  private at = 0;
  private depth = 0;
  private folded = false;
  private dotAll = false;

  constructor(text: string) {
    this.chars = Array.from(text);
    const flags = /^\(\?([is]+)\)/.exec(text);
    if (flags === null) return;
    this.folded = flags[0].includes("i");
    this.dotAll = flags[0].includes("s");
    this.at = flags[0].length;
  }

  whole(): Pattern {
    const pattern = this.choice();
    if (this.at < this.chars.length) throw this.fail('unexpected ")"');
    return pattern;
  }

  private fail(reason: string): Unfit {
    return new Unfit(`invalid regular expression ${JSON.stringify(this.chars.join("").slice(0, 100))}: ${reason}`);
  }

  private choice(): Pattern {
    if (++this.depth > MAX_NESTING) throw this.fail(`nested deeper than ${MAX_NESTING} levels`);
    const of = [this.sequence()];
    while (this.chars[this.at] === "|") {
      this.at++;
      of.push(this.sequence());
    }
    this.depth--;
    const [only] = of;
    return only !== undefined && of.length === 1 ? only : { kind: "choice", of };
  }

  private sequence(): Pattern {
    const of: Pattern[] = [];
    for (let char; (char = this.chars[this.at]) !== undefined && char !== "|" && char !== ")";) of.push(this.repeated(this.atom()));
    return { kind: "sequence", of };
  }

  private repeated(of: Pattern): Pattern {
    const counts = /^(?:[*+?]|\{(\d{1,4})(,?)(\d{0,4})\})/.exec(this.chars.slice(this.at, this.at + 12).join(""));
    if (counts === null) return of;
    this.at += counts[0].length;
    const sign = counts[0].charAt(0);
    const least = sign === "{" ? Number(counts[1]) : sign === "+" ? 1 : 0;
    const most = sign === "{" ? (counts[2] === "" ? least : counts[3] === "" ? Number.POSITIVE_INFINITY : Number(counts[3])) : sign === "?" ? 1 : Number.POSITIVE_INFINITY;
    if (least > MAX_REPEAT || (most > MAX_REPEAT && most !== Number.POSITIVE_INFINITY) || most < least) throw this.fail(`bad count ${counts[0]}`);
    const greedy = this.chars[this.at] !== "?";
    if (!greedy) this.at++;
    if (/[*+?]/.test(this.chars[this.at] ?? "")) throw this.fail(`nothing to repeat before "${this.chars[this.at]}"`);
    return { kind: "repeat", of, least, most, greedy };
  }

  private atom(): Pattern {
    const char = this.chars[this.at++] ?? "";
    switch (char) {
      case "^": return { kind: "start" };
      case "$": return { kind: "end" };
      case ".": return { kind: "char", is: this.dotAll ? () => true : (c) => c !== "\n" };
      case "(": return this.group();
      case "[": return { kind: "char", is: this.folding(this.set()) };
      case "\\": return this.escape();
      case "*": case "+": case "?": throw this.fail(`nothing to repeat before "${char}"`);
      default: return { kind: "char", is: this.folding((c) => c === char) };
    }
  }

  private folding(is: (char: string) => boolean): (char: string) => boolean {
    return this.folded ? (c) => is(c) || is(c.toLowerCase()) || is(c.toUpperCase()) : is;
  }

  private group(): Pattern {
    const plain = this.chars[this.at] === "?";
    if (plain && this.chars[this.at + 1] !== ":") throw this.fail("only plain groups and (?:...) are supported");
    if (plain) this.at += 2;
    const index = plain ? 0 : ++this.groups;
    const of = this.choice();
    if (this.chars[this.at++] !== ")") throw this.fail('missing ")"');
    return plain ? of : { kind: "group", of, index };
  }

  private escape(): Pattern {
    const char = this.chars[this.at++];
    if (char === "b") return { kind: "word" };
    if (char === "B") return { kind: "notWord" };
    return { kind: "char", is: this.folding(this.escaped(char)) };
  }

  private escaped(char: string | undefined): (char: string) => boolean {
    const short = SHORT[char ?? ""];
    if (short !== undefined) return (c) => short.test(c);
    const literal = char === undefined ? undefined : (CONTROL[char] ?? (/[A-Za-z0-9]/.test(char) ? undefined : char));
    if (literal === undefined) throw this.fail(`unknown escape "\\${char ?? ""}"`);
    return (c) => c === literal;
  }

  private set(): (char: string) => boolean {
    const inverted = this.chars[this.at] === "^";
    if (inverted) this.at++;
    const tests: ((char: string) => boolean)[] = [];
    for (let first = true; first || this.chars[this.at] !== "]"; first = false) {
      const from = this.chars[this.at++];
      if (from === undefined) throw this.fail('missing "]"');
      if (from === "\\") tests.push(this.escaped(this.chars[this.at++]));
      else if (this.chars[this.at] === "-" && this.chars[this.at + 1] !== "]" && this.chars[this.at + 1] !== undefined) {
        const to = this.chars[this.at + 1] ?? "";
        if (to < from) throw this.fail(`bad range ${from}-${to}`);
        this.at += 2;
        tests.push((c) => c >= from && c <= to);
      } else tests.push((c) => c === from);
    }
    this.at++;
    return (c) => tests.some((is) => is(c)) !== inverted;
  }
}

/**
 * Parses a regular expression: the part of RE2 without look-around, back references and names of groups. Throws
 * {@link Unfit} for anything else.
 */
export function parsePattern(text: string): Parsed {
  const parser = new PatternParser(text);
  const pattern = parser.whole();
  return { pattern, groups: parser.groups };
}
