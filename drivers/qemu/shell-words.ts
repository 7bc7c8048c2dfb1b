import { LimaError } from "../../lib/base/errors.ts";

/**
 * Splits a line into words as a POSIX shell does, with quotes and backslashes but without any expansion.
 * Throws LimaError `BAD_SHELL_WORDS` when a quote is not closed.
 */
export function shellWords(line: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  let quote: "'" | '"' | undefined;
  for (let i = 0; i < line.length; i++) {
    const c = line.charAt(i);
    if (quote === undefined && /\s/.test(c)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else if (quote === undefined && (c === "'" || c === '"')) {
      quote = c;
      word ??= "";
    } else if (c === quote) {
      quote = undefined;
    } else if (c === "\\" && quote !== "'" && (quote === undefined || /["\\$`]/.test(line.charAt(i + 1)))) {
      word = (word ?? "") + line.charAt(++i);
    } else {
      word = (word ?? "") + c;
    }
  }
  if (quote !== undefined) throw new LimaError("BAD_SHELL_WORDS", `cannot split "${line}" into words: a ${quote} is not closed`);
  if (word !== undefined) words.push(word);
  return words;
}
