import { expect, test } from "bun:test";
import { createLogger, formatLine, localTime } from "./log.ts";

const at = new Date("2026-11-21T03:04:05.678Z");

test("text is what scripts already match", () => {
  const line = (message: string, fields = {}) => formatLine({ format: "text" }, "warning", message, fields, at);
  const time = `time="${localTime(at)}"`;
  expect(line("plain")).toBe(`${time} level=warning msg=plain`);
  expect(line('say "hi"\n', { b: "x y", a: 1, error: new Error("no"), gone: undefined })).toBe(`${time} level=warning msg="say \\"hi\\"\\n" a=1 b="x y" error=no`);
});

test("json has its keys in order and no bare angle brackets", () => {
  expect(formatLine({ format: "json" }, "info", "<a> & b", { z: 1, a: 2 }, at)).toBe(`{"a":2,"level":"info","msg":"\\u003ca\\u003e \\u0026 b","time":"${localTime(at)}","z":1}`);
});

test("a terminal gets the level in colour and the seconds since the start", () => {
  const started = new Date(at.getTime() - 12_500);
  expect(formatLine({ format: "terminal", color: true, started }, "error", "oops", {}, at)).toBe("\u001b[31mERRO\u001b[0m[0012] oops");
  expect(formatLine({ format: "terminal", started }, "info", "oops", { k: "v" }, at)).toBe(`INFO[0012] ${"oops".padEnd(44)} k=v`);
});

test("a logger filters by level, folds nothing, and keeps a time it is given", () => {
  const lines: string[] = [];
  const log = createLogger({ level: "info", format: "json", write: (l) => lines.push(l) });
  log.debug("no");
  for (let i = 0; i < 20; i++) log.info("same");
  log.log("error", "old", {}, at);
  expect(lines.length).toBe(21);
  expect(lines.at(-1)).toContain(localTime(at));
});
