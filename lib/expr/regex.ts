import { type Budget, Exhausted } from "./budget.ts";
import type { Parsed, Pattern } from "./pattern.ts";

export { parsePattern } from "./pattern.ts";

// Not the engine's own regular expressions: those can run for ever, and nothing can stop them.

/** Choices that are open at the same time. */
const MAX_OPEN = 2000;

type Next = (at: number) => boolean;

const isWord = (char: string | undefined): boolean => char !== undefined && /\w/.test(char);

class Matcher {
  readonly bounds: (number | undefined)[] = [];
  private readonly text: string;
  private readonly budget: Budget;
  private depth = 0;

  constructor(text: string, budget: Budget) {
    this.text = text;
    this.budget = budget;
  }

  match(pattern: Pattern, at: number, next: Next): boolean {
    this.budget.charge();
    if (++this.depth > MAX_OPEN) throw new Exhausted("matches a regular expression with too many repetitions");
    const matches = this.step(pattern, at, next);
    this.depth--;
    return matches;
  }

  private step(pattern: Pattern, at: number, next: Next): boolean {
    switch (pattern.kind) {
      case "char": {
        const char = this.char(at);
        return char !== undefined && pattern.is(char) && next(at + char.length);
      }
      case "start": return at === 0 && next(at);
      case "end": return at === this.text.length && next(at);
      case "word": case "notWord": return (isWord(this.text[at - 1]) !== isWord(this.text[at])) === (pattern.kind === "word") && next(at);
      case "choice": return pattern.of.some((one) => this.match(one, at, next));
      case "sequence": return this.sequence(pattern.of, 0, at, next);
      case "group": return this.group(pattern.of, pattern.index, at, next);
      case "repeat": return pattern.of.kind === "char" ? this.run(pattern.of.is, pattern, at, next) : this.repeat(pattern, 0, at, next);
    }
  }

  private char(at: number): string | undefined {
    const code = this.text.codePointAt(at);
    return code === undefined ? undefined : String.fromCodePoint(code);
  }

  private sequence(of: readonly Pattern[], i: number, at: number, next: Next): boolean {
    const one = of[i];
    return one === undefined ? next(at) : this.match(one, at, (end) => this.sequence(of, i + 1, end, next));
  }

  private group(of: Pattern, index: number, at: number, next: Next): boolean {
    return this.match(of, at, (end) => {
      const [from, to] = [this.bounds[2 * index], this.bounds[2 * index + 1]];
      this.bounds[2 * index] = at;
      this.bounds[2 * index + 1] = end;
      if (next(end)) return true;
      this.bounds[2 * index] = from;
      this.bounds[2 * index + 1] = to;
      return false;
    });
  }

  /** Repeats of one character: a loop, so that a long text needs no deep stack. */
  private run(is: (char: string) => boolean, { least, most, greedy }: { readonly least: number; readonly most: number; readonly greedy: boolean }, at: number, next: Next): boolean {
    const ends = [at];
    const more = (): boolean => {
      this.budget.charge();
      const end = ends.at(-1) ?? at;
      const char = ends.length > most ? undefined : this.char(end);
      if (char === undefined || !is(char)) return false;
      ends.push(end + char.length);
      return true;
    };
    if (greedy) {
      while (more());
      for (let n = ends.length - 1; n >= least; n--) if (next(ends[n] ?? at)) return true;
      return false;
    }
    while (ends.length <= least) if (!more()) return false;
    do if (next(ends.at(-1) ?? at)) return true; while (more());
    return false;
  }

  private repeat(pattern: Extract<Pattern, { kind: "repeat" }>, done: number, at: number, next: Next): boolean {
    const again = (): boolean => done < pattern.most && this.match(pattern.of, at, (end) => (end > at || done < pattern.least) && this.repeat(pattern, done + 1, end, next));
    if (done < pattern.least) return again();
    return pattern.greedy ? again() || next(at) : next(at) || again();
  }
}

export interface Match {
  readonly from: number;
  readonly to: number;
  /** Text of each group, from 1; undefined for those that took no part. */
  readonly groups: readonly (string | undefined)[];
}

/** The first match at or after an offset. Its time is bounded by the budget. */
export function findIn({ pattern, groups }: Parsed, text: string, start: number, budget: Budget): Match | undefined {
  for (let from = start; from <= text.length; from++) {
    const matcher = new Matcher(text, budget);
    let to = from;
    const found = matcher.match(pattern, from, (end) => {
      to = end;
      return true;
    });
    if (!found) continue;
    const { bounds } = matcher;
    return { from, to, groups: Array.from({ length: groups + 1 }, (_, i) => (bounds[2 * i] === undefined ? undefined : text.slice(bounds[2 * i], bounds[2 * i + 1]))) };
  }
  return undefined;
}

/** Replaces every match; `$1` and `${1}` in the replacement are groups, `$$` is a dollar. */
export function replaceIn(parsed: Parsed, text: string, replacement: string, budget: Budget): string {
  let result = "";
  let at = 0;
  for (let start = 0; start <= text.length;) {
    const match = findIn(parsed, text, start, budget);
    if (match === undefined) break;
    const by = replacement.replace(/\$(?:(\$)|(\d{1,2})|\{(\d{1,2})\})/g, (_, dollar: string | undefined, a: string | undefined, b: string | undefined) => {
      if (dollar !== undefined) return "$";
      const index = Number(a ?? b);
      return index === 0 ? text.slice(match.from, match.to) : (match.groups[index] ?? "");
    });
    result += text.slice(at, match.from) + by;
    budget.text(result.length);
    at = match.to;
    start = match.to > match.from ? match.to : match.to + 1;
  }
  return result + text.slice(at);
}
