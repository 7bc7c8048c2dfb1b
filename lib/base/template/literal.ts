import { TemplateFault } from "./fault.ts";

const ESCAPES: Readonly<Record<string, string>> = { a: "\x07", b: "\b", f: "\f", n: "\n", r: "\r", t: "\t", v: "\v", "\\": "\\", "'": "'", '"': '"' };
const ESCAPE = /\\(?:x([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8})|([0-3][0-7]{2})|([abfnrtv\\'"]))|\\[^]?/g;

/** The text of `"..."` or `'...'` as Go reads it. Bytes of `\x` and octal escapes above 127 make up UTF-8 there; here they are refused. */
function unescaped(source: string, at: number): string {
  const quote = source[0];
  return source.slice(1, -1).replace(ESCAPE, (all, hex?: string, u4?: string, u8?: string, octal?: string, sign?: string) => {
    if (sign !== undefined && (sign === quote || (sign !== "'" && sign !== '"'))) return ESCAPES[sign] ?? "";
    const digits = hex ?? u4 ?? u8;
    const code = octal !== undefined ? Number.parseInt(octal, 8) : digits !== undefined ? Number.parseInt(digits, 16) : -1;
    const most = u4 !== undefined || u8 !== undefined ? 0x10ffff : 0x7f;
    if (code < 0 || code > most || (code >= 0xd800 && code <= 0xdfff)) throw new TemplateFault(`cannot read the escape ${all} in ${source}`, at);
    return String.fromCodePoint(code);
  });
}

export function stringLiteral(source: string, at: number): string {
  return source.startsWith("`") ? source.slice(1, -1).replaceAll("\r", "") : unescaped(source, at);
}

/** The number of a character such as `'a'`. */
export function charLiteral(source: string, at: number): number {
  const [char, ...more] = unescaped(source, at);
  if (char === undefined || more.length > 0) throw new TemplateFault(`${source} is not one character, a text stands between double quotes`, at);
  return char.codePointAt(0) ?? 0;
}

/** `12`, `-1.5e3`, `0x1f`, `0b11`, `0o17`, `017`, `1_000`. */
export function numberLiteral(source: string, at: number): number {
  const sign = source.startsWith("-") ? -1 : 1;
  const digits = source.replace(/^[+-]/, "").replaceAll(/(?<=[\da-fA-FxXoObB])_(?=[\da-fA-F])/g, "");
  const value = Number(/^0\d+$/.test(digits) ? `0o${digits.slice(1)}` : digits);
  if (Number.isNaN(value)) throw new TemplateFault(`cannot read the number ${source}`, at);
  if (Math.abs(value) > Number.MAX_SAFE_INTEGER && !/[.eE]/.test(digits)) throw new TemplateFault(`the number ${source} is too large`, at);
  if (!Number.isFinite(value)) throw new TemplateFault(`the number ${source} is too large`, at);
  return value * sign;
}
