import { quote } from "./escape.ts";
import { ArgumentFault } from "./fault.ts";
import { MOST_TEXT, show, showNumber } from "./print.ts";
import { describe, sortedEntries } from "./values.ts";

interface Spec {
  readonly flags: string;
  readonly width: number;
  readonly precision: number | undefined;
  readonly verb: string;
}

const SPEC = /%([-+# 0]*)(\d*)(?:(\.)(\d*))?([\p{L}%]?)/gu;
/** Columns and digits; more is a mistake, or an attack on the memory. */
const MOST = 1000;

const exponent = (text: string): string => text.replace(/e([+-])(\d)$/, "e$10$2");

function shortest(value: number, precision: number | undefined): string {
  if (precision === undefined) return showNumber(value);
  const digits = Math.max(1, Math.min(precision, 100));
  const text = value.toExponential(digits - 1);
  const power = Number(text.slice(text.indexOf("e") + 1));
  const plain = power < -4 || power >= digits ? text : value.toFixed(Math.min(100, Math.max(0, digits - 1 - power)));
  return exponent(plain.replace(/(\.\d*?)0+(?=e|$)/, "$1").replace(/\.(?=e|$)/, ""));
}

function integer(value: number, verb: string, flags: string): string {
  const [base, prefix] = { d: [10, ""], x: [16, "0x"], X: [16, "0X"], o: [8, "0"], b: [2, "0b"] }[verb] as [number, string];
  const digits = Math.abs(value).toString(base);
  return `${value < 0 ? "-" : ""}${flags.includes("#") ? prefix : ""}${verb === "X" ? digits.toUpperCase() : digits}`;
}

function cut(text: string, precision: number | undefined): string {
  return precision === undefined ? text : Array.from(text).slice(0, precision).join("");
}

/** One value by one verb, without width; undefined when they do not go together. */
function convert(value: unknown, spec: Spec): string | undefined {
  const { verb, precision, flags } = spec;
  if (verb === "v") return show(value);
  if (Array.isArray(value)) {
    const items = value.map((item) => convert(item, spec));
    return items.includes(undefined) ? undefined : `[${items.join(" ")}]`;
  }
  if (typeof value === "object" && value !== null) {
    const items = sortedEntries(value).map(([key, item]) => [convert(key, spec), convert(item, spec)] as const);
    return items.some((pair) => pair.includes(undefined)) ? undefined : `map[${items.map((pair) => pair.join(":")).join(" ")}]`;
  }
  // Numbers such as ports are often printed with %s; the meaning is plain.
  if (verb === "s" && typeof value !== "boolean") return cut(show(value), precision);
  if (verb === "t") return typeof value === "boolean" ? String(value) : undefined;
  if (typeof value === "string" || value === undefined || value === null) {
    const text = cut(value ?? "", precision);
    if (verb === "q") return quote(text);
    if (verb !== "x" && verb !== "X") return undefined;
    const hex = Buffer.from(text).toString("hex");
    return verb === "x" ? hex : hex.toUpperCase();
  }
  if (typeof value !== "number") return undefined;
  const digits = precision === undefined ? 6 : Math.min(precision, 100);
  switch (verb) {
    case "f": case "F": return Math.abs(value) < 1e21 ? value.toFixed(digits) : undefined;
    case "e": return exponent(value.toExponential(digits));
    case "E": return exponent(value.toExponential(digits)).toUpperCase();
    case "g": return shortest(value, precision);
    case "G": return shortest(value, precision).toUpperCase();
  }
  if (!Number.isSafeInteger(value)) return undefined;
  if ("dxXob".includes(verb)) return integer(value, verb, flags);
  if ((verb !== "c" && verb !== "q") || value < 0 || value > 0x10ffff) return undefined;
  const char = String.fromCodePoint(value).toWellFormed();
  return verb === "c" ? char : quote(char, "'");
}

function padded(text: string, value: unknown, { flags, width, verb }: Spec): string {
  const isNumber = typeof value === "number" && "dxXobfFeEgGv".includes(verb);
  const sign = !isNumber || text.startsWith("-") ? "" : flags.includes("+") ? "+" : flags.includes(" ") ? " " : "";
  const signed = sign + text;
  const missing = width - Array.from(signed).length;
  if (missing <= 0) return signed;
  if (flags.includes("-")) return signed + " ".repeat(missing);
  if (!flags.includes("0") || !isNumber) return " ".repeat(missing) + signed;
  const head = /^[-+ ]?(?:0[xXb](?=.))?/.exec(signed)?.[0] ?? "";
  return head + "0".repeat(missing) + signed.slice(head.length);
}

/**
 * Go's printf with the verbs `%v %s %q %d %t %f %e %g %x %X %o %b %c %%`, the flags `-+# 0`, a width and a precision.
 * What Go marks in its output (`%!d(string=x)`, a missing or a spare value) throws ArgumentFault.
 */
export function printf(format: string, values: readonly unknown[]): string {
  let used = 0;
  let length = 0;
  const text = format.replace(SPEC, (all: string, flags: string, width: string, dot: string | undefined, digits: string | undefined, verb: string) => {
    if (all === "%%") return "%";
    const spec: Spec = { flags, verb, width: Number(width), precision: dot === undefined ? undefined : Number(digits) };
    if (!/^[vsqtfFeEgGdxXobc]$/.test(verb)) throw new ArgumentFault(`unknown verb ${JSON.stringify(all)}, write %% for the sign itself`);
    if (spec.width > MOST || (spec.precision ?? 0) > MOST) throw new ArgumentFault(`the width in ${JSON.stringify(all)} is above ${MOST}`);
    if (used >= values.length) throw new ArgumentFault(`no value for ${JSON.stringify(all)}`);
    const value = values[used++];
    const shown = convert(value, spec);
    if (shown === undefined) throw new ArgumentFault(`${JSON.stringify(all)} cannot print ${describe(value)}`);
    const result = padded(shown, value, spec);
    length += result.length;
    if (length > MOST_TEXT) throw new ArgumentFault("the text is too long");
    return result;
  });
  if (used < values.length) throw new ArgumentFault(`${values.length - used} more values than verbs in ${JSON.stringify(format.slice(0, 60))}`);
  return text;
}
