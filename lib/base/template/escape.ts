const HTML: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&#34;", "'": "&#39;", "\0": "\ufffd" };

/** Text for HTML. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"'\0]/g, (char) => HTML[char] ?? char);
}

function unicode(char: string): string {
  return [...Array(char.length).keys()].map((i) => `\\u${char.charCodeAt(i).toString(16).toUpperCase().padStart(4, "0")}`).join("");
}

/** Text for a string of JavaScript, between quotes of either kind and in HTML. */
export function escapeJs(text: string): string {
  return text.replace(/[\\'"]|[<>&=]|[^\P{C}]|[\u2028\u2029]/gu, (char) => (/[\\'"]/.test(char) ? `\\${char}` : unicode(char)));
}

/** Text for the query of a URL. */
export function escapeQuery(text: string): string {
  return encodeURIComponent(text.toWellFormed()).replaceAll("%20", "+").replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}

const SHORT: Readonly<Record<string, string>> = { "\x07": "\\a", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\v": "\\v", "\\": "\\\\" };

/** Text between quotes as Go writes it: what cannot be printed is escaped, letters of every language stay. */
export function quote(text: string, mark: '"' | "'" = '"'): string {
  const inside = text.replace(/[\\"']|[^\P{C}]|[\p{Zl}\p{Zp}]|(?! )\p{Zs}/gu, (char) => {
    if (char === '"' || char === "'") return char === mark ? `\\${char}` : char;
    const code = char.codePointAt(0) ?? 0;
    if (SHORT[char] !== undefined) return SHORT[char];
    if (code < 0x80) return `\\x${code.toString(16).padStart(2, "0")}`;
    return code > 0xffff ? `\\U${code.toString(16).padStart(8, "0")}` : `\\u${code.toString(16).padStart(4, "0")}`;
  });
  return `${mark}${inside}${mark}`;
}
