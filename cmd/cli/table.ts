/** Every column at least this wide, and this much space after its widest cell. */
const LEAST = 4;
const GAP = 4;

/** Rows as aligned columns; the last cell of a row is not padded. Gives whole lines. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths: number[] = [];
  for (const row of rows) row.slice(0, -1).forEach((cell, i) => { widths[i] = Math.max(widths[i] ?? 0, cell.length + GAP, LEAST); });
  return rows.map((row) => `${row.map((cell, i) => (i === row.length - 1 ? cell : cell.padEnd(widths[i] ?? 0))).join("")}\n`).join("");
}
