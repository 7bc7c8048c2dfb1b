/** One JSON object from QEMU's monitor. Format: docs/interop/qmp-spec of QEMU, one object a line. */
export type QmpMessage =
  | { readonly kind: "greeting"; readonly version: { readonly major: number; readonly minor: number; readonly micro: number } | undefined }
  | { readonly kind: "event"; readonly name: string; readonly data: Readonly<Record<string, unknown>> }
  | { readonly kind: "reply"; readonly id: number; readonly result: unknown }
  | { readonly kind: "failure"; readonly id: number; readonly errorClass: string; readonly description: string };

type Json = Readonly<Record<string, unknown>>;

/** Far above any reply that is asked for here. */
export const MAX_LINE = 1 << 20;

function object(value: unknown): Json {
  return typeof value === "object" && value !== null ? (value as Json) : {};
}

function parseMessage(line: string): QmpMessage | undefined {
  const message = object(JSON.parse(line));
  if ("QMP" in message) {
    const { major, minor, micro } = object(object(object(message["QMP"])["version"])["qemu"]);
    const known = typeof major === "number" && typeof minor === "number" && typeof micro === "number";
    return { kind: "greeting", version: known ? { major, minor, micro } : undefined };
  }
  if (typeof message["event"] === "string") return { kind: "event", name: message["event"], data: object(message["data"]) };
  const { id } = message;
  if (typeof id !== "number") return undefined;
  if (!("error" in message)) return { kind: "reply", id, result: message["return"] };
  const error = object(message["error"]);
  return { kind: "failure", id, errorClass: String(error["class"]), description: String(error["desc"]) };
}

/** Turns the byte stream of a monitor into messages; chunks may end anywhere, inside a character too. */
export class QmpReader {
  #rest = "";
  readonly #decoder = new TextDecoder();

  /** Yields the messages completed by these bytes. Throws an Error for what is no JSON, or a line over {@link MAX_LINE}. */
  *push(chunk: Uint8Array): Generator<QmpMessage> {
    const lines = (this.#rest + this.#decoder.decode(chunk, { stream: true })).split("\n");
    this.#rest = lines.pop() ?? "";
    if (this.#rest.length > MAX_LINE) throw new Error(`the monitor sent a line of more than ${MAX_LINE} characters`);
    for (const line of lines) {
      if (line.trim() === "") continue;
      const message = parseMessage(line);
      if (message !== undefined) yield message;
    }
  }
}
