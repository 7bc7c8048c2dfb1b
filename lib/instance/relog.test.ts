import { describe, expect, test } from "bun:test";
import { createLogger, type LogLevel } from "../base/log.ts";
import { parseAgentLine, relog } from "./relog.ts";

function passOn(line: string, level: LogLevel = "info"): string {
  let out = "";
  relog(createLogger({ level, format: "text", write: (text) => { out += text; } }), parseAgentLine(line));
  return out.trim();
}

const json = (level: string, extra = ""): string => `{"level":"${level}","msg":"hello world","time":"2026-01-02T03:04:05Z"${extra}}`;

describe("relog()", () => {
  test("keeps level, time and fields", () => {
    const out = passOn(json("warning", ',"port":80'));
    expect(out).toContain('level=warning msg="[hostagent] hello world" port=80');
    // Whatever zone the test runs in, it is the line's own time.
    expect(new Date(/time="([^"]+)"/.exec(out)?.[1] ?? "").toISOString()).toBe("2026-01-02T03:04:05.000Z");
  });
  test.each(["fatal", "panic"])("lowers %s, which is not ours", (level) => expect(passOn(json(level))).toContain("level=error"));
  test("leaves out what is below the level asked for", () => expect(passOn(json("debug"))).toBe(""));
  test("shows debug lines to who wants them", () => expect(passOn(json("debug"), "debug")).toContain("level=debug"));
  test.each(["Segmentation fault", '{"unfinished', '{"level":"loud","msg":"x"}', "[]"])("shows %p, which is no log line, as an error", (line) => {
    expect(passOn(line)).toContain("level=error");
  });
});
