/** A string or template literal of a call's arguments; the parts of a template that are code read as `${}`. */
export interface Literal {
  readonly text: string;
  /** Where it ends in the source. */
  readonly end: number;
}

/** Reads the literal that begins at `at`; undefined when there is none. */
export function literalAt(source: string, at: number): Literal | undefined {
  const quote = source[at];
  if (quote !== '"' && quote !== "'" && quote !== "`") return undefined;
  let text = "";
  for (let i = at + 1; i < source.length; i++) {
    const c = source[i];
    if (c === quote) return { text, end: i + 1 };
    if (c === "\\") text += source[++i] ?? "";
    else if (quote === "`" && c === "$" && source[i + 1] === "{") {
      i = skip(source, i + 1) - 1;
      text += "${}";
    } else text += c;
  }
  return undefined;
}

/** The position after the bracket that closes the one at `at`; literals inside are stepped over. */
function skip(source: string, at: number): number {
  let depth = 0;
  for (let i = at; i < source.length; ) {
    const literal = literalAt(source, i);
    if (literal) {
      i = literal.end;
      continue;
    }
    const c = source[i++];
    if (c === "(" || c === "[" || c === "{") depth++;
    else if ((c === ")" || c === "]" || c === "}") && --depth === 0) return i;
  }
  return source.length;
}

/** The top-level arguments of the call whose opening bracket is at `at`, as source text. */
export function argumentsAt(source: string, at: number): string[] {
  const end = skip(source, at) - 1;
  const found: string[] = [];
  let from = at + 1;
  for (let i = from; i < end; ) {
    const c = source[i] ?? "";
    const literal = literalAt(source, i);
    if (literal) i = literal.end;
    else if ("([{".includes(c)) i = skip(source, i);
    else if (c === ",") {
      found.push(source.slice(from, i).trim());
      from = ++i;
    } else i++;
  }
  const last = source.slice(from, end).trim();
  return last === "" ? found : [...found, last];
}
