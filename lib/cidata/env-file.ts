import { LimaError } from "../base/errors.ts";

/**
 * `KEY=VALUE` lines, unquoted, as the guest reads them one by one; `prefix` goes before each key.
 * Throws LimaError `CIDATA_VALUE` for a value that does not fit on a line; `what` names the kind of value for the user.
 */
export function envFile(what: string, prefix: string, entries: Iterable<readonly [key: string, value: string]>): string {
  let text = "";
  for (const [key, value] of entries) {
    if (/[\n\r\0]/.test(value)) throw new LimaError("CIDATA_VALUE", `cannot pass ${what} "${key}" to the guest: its value has more than one line`);
    text += `${prefix}${key}=${value}\n`;
  }
  return text;
}
