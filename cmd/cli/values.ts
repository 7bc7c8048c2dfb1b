/** Texts of flag values to values. Each function throws a RangeError, saying what it takes, for a bad text. */

const TRUE = new Set(["1", "t", "T", "true", "TRUE", "True"]);
const FALSE = new Set(["0", "f", "F", "false", "FALSE", "False"]);

/** The spellings of Go's strconv.ParseBool. */
export function parseBoolean(text: string): boolean {
  if (TRUE.has(text)) return true;
  if (FALSE.has(text)) return false;
  throw new RangeError("must be true or false");
}

/** Decimal, or with 0x, 0o or 0b. */
export function parseInteger(text: string): number {
  const match = /^([+-]?)(0[xX][0-9a-fA-F]+|0[oO][0-7]+|0[bB][01]+|\d+)$/.exec(text);
  const value = Number(match?.[2]);
  if (!match || !Number.isSafeInteger(value)) throw new RangeError("must be an integer");
  return match[1] === "-" ? -value : value;
}

export function parsePort(text: string): number {
  const port = parseInteger(text);
  if (port < 0 || port > 65535) throw new RangeError("must be between 0 and 65535");
  return port;
}

export function parseFloatStrict(text: string): number {
  if (!/^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(text)) throw new RangeError("must be a number");
  return Number(text);
}

const UNIT_MS: Readonly<Record<string, number>> = { ns: 1e-6, us: 1e-3, "µs": 1e-3, ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** Go's duration syntax (`90s`, `1h30m`, `0`) in milliseconds. */
export function parseDuration(text: string): number {
  if (/^[+-]?0$/.test(text)) return 0;
  const match = /^([+-]?)((?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|ms|s|m|h))+)$/.exec(text);
  if (!match) throw new RangeError('must be a duration like "90s" or "1h30m"');
  let sum = 0;
  for (const [, number, unit] of (match[2] ?? "").matchAll(/([\d.]+)(ns|us|µs|ms|s|m|h)/g)) sum += Number(number) * (UNIT_MS[unit ?? ""] ?? 0);
  return match[1] === "-" ? -sum : sum;
}

/** Milliseconds in the same syntax, as Go prints them: `10m0s`, `1h30m0s`, `2.5s`. */
export function formatDuration(ms: number): string {
  if (ms < 1000) return `${ms}ms`;
  const hours = Math.floor(ms / 3_600_000);
  const minutes = Math.floor((ms % 3_600_000) / 60_000);
  const seconds = `${(ms % 60_000) / 1000}s`;
  return hours > 0 ? `${hours}h${minutes}m${seconds}` : minutes > 0 ? `${minutes}m${seconds}` : seconds;
}

/** One CSV record: fields between commas, `"` quotes a field, `""` inside is one quote. */
export function parseCsv(text: string): string[] {
  if (text === "") return [];
  const fields: string[] = [];
  const field = /("(?:[^"]|"")*"|[^",]*)(,|$)/y;
  for (;;) {
    const match = field.exec(text);
    if (!match) throw new RangeError("must be a comma-separated list with quotes around whole fields");
    const raw = match[1] ?? "";
    fields.push(raw.startsWith('"') ? raw.slice(1, -1).replaceAll('""', '"') : raw);
    if (match[2] === "") return fields;
  }
}
