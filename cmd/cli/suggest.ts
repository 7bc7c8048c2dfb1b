/** Number of single-character edits between two words. */
export function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}

/** Words people type for something that has another name here. */
const OTHER_NAMES: Readonly<Record<string, string>> = { ssh: "shell", ps: "list", up: "start", down: "stop", destroy: "delete", new: "create" };

/** Which of `known` somebody may have meant by `word`: at most two edits away, or beginning with it. */
export function suggestions(word: string, known: readonly string[]): readonly string[] {
  const lower = word.toLowerCase();
  const other = OTHER_NAMES[lower];
  const near = known.filter((k) => editDistance(lower, k) <= Math.min(2, lower.length - 1) || (lower !== "" && k.startsWith(lower)));
  return other !== undefined && known.includes(other) && !near.includes(other) ? [other, ...near] : near;
}
