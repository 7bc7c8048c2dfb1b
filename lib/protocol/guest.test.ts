import { expect, test } from "bun:test";
import { MAX_PORTS, parseGuestMessage } from "./guest.ts";

const parse = (value: unknown): ReturnType<typeof parseGuestMessage> => parseGuestMessage(new TextEncoder().encode(typeof value === "string" ? value : JSON.stringify(value)));

test.each([
  { kind: "hello", version: 1, nonce: "n", agent: "1.2.3", bootId: "b" },
  { kind: "pong", id: 4, rssBytes: 1, cpuMs: 2 },
  { kind: "ports", full: true, added: [{ protocol: "tcp", ip: "::", port: 22 }], removed: [] },
  { kind: "timeSynced", id: 1, adjusted: true, driftMs: -5 },
  { kind: "timeSynced", id: 1, adjusted: false, driftMs: 5000, error: "no" },
  { kind: "log", level: "warning", message: "m" },
])("a message is taken as it is: %o", (message) => {
  expect(parse(message)).toEqual(message as ReturnType<typeof parse>);
});

test.each([
  "", "{", "null", "[]", "1", '"x"', {}, { kind: "dance" },
  { kind: "hello", version: "1", nonce: "n", agent: "a", bootId: "b" },
  { kind: "hello", version: 1, nonce: "n", agent: "a" },
  { kind: "pong", id: 4, rssBytes: "1", cpuMs: 2 },
  { kind: "pong", rssBytes: 1, cpuMs: 2 },
  { kind: "ports", full: true, added: [] },
  { kind: "ports", full: true, added: {}, removed: [] },
  { kind: "timeSynced", id: 1 },
  { kind: "log", level: "shout", message: "m" },
  { kind: "log", level: "info", message: 1 },
])("what is none is refused: %o", (message) => {
  expect(parse(message)).toBeUndefined();
});

test("bad ports are left out, too many are cut off, long texts shortened", () => {
  const good = { protocol: "udp", ip: "127.0.0.1", port: 53 };
  const bad = [null, 1, { ...good, port: 0 }, { ...good, port: 65536 }, { ...good, port: 1.5 }, { ...good, protocol: "sctp" }, { ...good, ip: "x".repeat(46) }, { ...good, ip: 1 }];
  expect(parse({ kind: "ports", full: 1, added: [...bad, good], removed: [good] })).toEqual({ kind: "ports", full: false, added: [good], removed: [good] } as ReturnType<typeof parse>);
  const many = parse({ kind: "ports", full: true, added: Array.from({ length: MAX_PORTS + 5 }, () => good), removed: [] });
  expect(many?.kind === "ports" && many.added.length).toBe(MAX_PORTS);
  const log = parse({ kind: "log", level: "error", message: "x".repeat(5000) });
  expect(log?.kind === "log" && log.message.length).toBe(2000);
});

test("bytes that are no UTF-8 and names of Object's own are nothing special", () => {
  expect(parseGuestMessage(new Uint8Array([0xff, 0xfe, 0x00]))).toBeUndefined();
  expect(parse('{"kind":"__proto__"}')).toBeUndefined();
  expect(parse('{"__proto__":{"kind":"pong"},"id":1,"rssBytes":1,"cpuMs":1}')).toBeUndefined();
});
