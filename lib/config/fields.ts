import * as z from "zod/mini";
import { parseSize } from "./size.ts";

/**
 * The building blocks of the input schema. Scalars are converted as people write them and the reference reads them: a
 * number for a text, digits in quotes for a number. Every field may be absent, and null is absent.
 */

type Refuse = (reason: string) => undefined;

/** A field read by `convert`, which calls `refuse` for what it cannot take. */
function scalar<T>(convert: (value: unknown, refuse: Refuse) => T | undefined) {
  return z.optional(
    z.transform((value: unknown, ctx): T | undefined => {
      const refuse: Refuse = (reason) => {
        ctx.issues.push({ code: "custom", message: reason, input: value });
        return undefined;
      };
      return convert(value, refuse);
    }),
  );
}

function toText(value: unknown, refuse: Refuse): string | undefined {
  if (typeof value !== "string" && typeof value !== "number" && typeof value !== "bigint" && typeof value !== "boolean") return refuse("must be a text");
  const text = String(value);
  return text.includes("\0") ? refuse("must not contain a zero character") : text;
}

/** Any scalar as text: `420` for `0644`, `1.3` for `1.30`, `true`. */
export const text = () => scalar(toText);

/** A whole number: fractions are cut off, digits in quotes count. */
export const integer = () =>
  scalar((value, refuse) => {
    const number = typeof value === "string" && /^[-+]?\d+$/.test(value) ? Number(value) : value;
    if (typeof number === "bigint" || (typeof number === "number" && Math.abs(number) > 2 ** 32)) return refuse("must be between -4294967296 and 4294967296");
    return typeof number === "number" && Number.isFinite(number) ? Math.trunc(number) : refuse("must be a number");
  });

/** true or false; `yes`, `on` and quoted words are texts. */
export const flag = () => scalar((value, refuse) => (typeof value === "boolean" ? value : refuse("must be true or false")));

/** A size in bytes; "" is 0, which stands for the built-in default. */
export const size = () =>
  scalar((value, refuse) => {
    if (value === "") return 0;
    if (typeof value !== "string" && typeof value !== "number") return refuse("must be a size such as 4GiB");
    const result = parseSize(value);
    return "bytes" in result ? result.bytes : refuse(result.reason);
  });

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Free keys with text values; null is "". */
export const textMap = () =>
  scalar((value, refuse) => {
    if (!isMap(value)) return refuse("must be a map");
    const map: Record<string, string> = Object.create(null) as Record<string, string>;
    for (const [key, item] of Object.entries(value)) {
      const one = item === null ? "" : toText(item, (reason) => refuse(`${reason} (key "${key}")`));
      if (one !== undefined) map[key] = one;
    }
    return map;
  });

/** A map with known keys. */
export const map = <S extends z.core.$ZodShape>(shape: S) =>
  z.pipe(
    z.transform((value: unknown) => (isMap(value) ? Object.fromEntries(Object.entries(value).filter(([, item]) => item !== null)) : value)),
    z.object(shape),
  );

export const optionalMap = <S extends z.core.$ZodShape>(shape: S) => z.optional(map(shape));

export const list = <T extends z.core.$ZodType>(item: T) => z.optional(z.array(item));
