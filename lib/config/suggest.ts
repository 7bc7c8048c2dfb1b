/** Single-character edits between two words; `limit + 1` stands for anything above the limit. */
export function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let previous = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = a[i - 1] === b[j - 1] ? 0 : 1;
      row.push(Math.min((previous[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (previous[j - 1] ?? 0) + change));
    }
    previous = row;
  }
  return Math.min(previous[b.length] ?? 0, limit + 1);
}

/** The known word that somebody who wrote `word` most likely meant, or undefined. */
export function suggest(word: string, known: Iterable<string>): string | undefined {
  const lower = word.toLowerCase();
  // A third of the letters may be wrong, two at most: "cpu" is near "cpus", "os" is near nothing.
  const limit = Math.min(2, Math.floor((word.length + 1) / 3));
  let best: string | undefined;
  let distance = limit + 1;
  for (const candidate of known) {
    const d = editDistance(lower, candidate.toLowerCase(), limit);
    if (d < distance) [best, distance] = [candidate, d];
  }
  return best;
}

/** ` (did you mean "X"?)`, or nothing. */
export function didYouMean(word: string, known: Iterable<string>): string {
  const best = suggest(word, known);
  return best === undefined ? "" : ` (did you mean "${best}"?)`;
}
