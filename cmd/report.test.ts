import { describe, expect, test } from "bun:test";
import { ExitCode, LimaError } from "../lib/base/errors.ts";
import { createLogger } from "../lib/base/log.ts";
import { ClosedPipe } from "./cli/output.ts";
import { reportError } from "./report.ts";

function report(error: unknown): { code: number; log: string } {
  let log = "";
  const code = reportError(error, createLogger({ level: "info", format: "text", write: (line) => { log += line.replace(/^time="[^"]*" /, ""); } }));
  return { code, log };
}

describe("reportError()", () => {
  test("a user's error is one fatal line with its hint", () => {
    expect(report(new LimaError("X", "cannot do it", { hint: "try that" }))).toEqual({ code: 1, log: 'level=fatal msg="cannot do it (try that)"\n' });
  });
  test("its own exit code counts", () => expect(report(new LimaError("INTERRUPTED", "interrupted", { exitCode: 130 })).code).toBe(130));
  test("a child's exit code passes through in silence", () => expect(report(new ExitCode(42))).toEqual({ code: 42, log: "" }));
  test("nobody reading is no error", () => expect(report(new ClosedPipe())).toEqual({ code: 0, log: "" }));
  test("several errors are one message", () => {
    expect(report(new AggregateError([new LimaError("A", "first"), new LimaError("B", "second")]))).toEqual({ code: 1, log: 'level=fatal msg="first\\nsecond"\n' });
  });
  test("a system error is told in the system's words, without a stack", () => {
    const error = Object.assign(new Error("EACCES: permission denied, open '/x'"), { code: "EACCES", errno: -13 });
    expect(report(error)).toEqual({ code: 1, log: `level=fatal msg="EACCES: permission denied, open '/x'"\n` });
  });
  test("a bug shows its stack", () => {
    const { code, log } = report(new TypeError("x is not a function"));
    expect(code).toBe(1);
    expect(log).toContain("internal error");
    expect(log).toContain("report.test.ts");
  });
});
