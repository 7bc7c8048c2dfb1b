import { expect, test } from "bun:test";
import { parseBootLine } from "./boot.ts";

test.each([
  ["lima-boot 1 cloud-init start", { stage: "cloud-init", state: "start", detail: "" }],
  ["lima-boot 1 module fail 05-x.sh exit=1 no space left\r", { stage: "module", state: "fail", detail: "05-x.sh exit=1 no space left" }],
  ["lima-boot 1 done ok", { stage: "done", state: "ok", detail: "" }],
  ["lima-boot 1 sshd info  two blanks", { stage: "sshd", state: "info", detail: " two blanks" }],
] as const)("%p is a report", (line, report) => {
  expect(parseBootLine(line)).toEqual(report);
});

test.each([
  "", "lima-boot", "lima-boot 2 done ok", "lima-boot x done ok", " lima-boot 1 done ok", "lima-boot 1 dance ok", "lima-boot 1 done maybe",
  "lima-boot 1 done okay", "lima-boot 1  done ok", "[   18.4] sh[461]: lima-boot 1 done ok", "lima-boot 1 __proto__ ok",
])("%p is none", (line) => {
  expect(parseBootLine(line)).toBeUndefined();
});

test("a detail is cut at 500 characters", () => {
  expect(parseBootLine(`lima-boot 1 module info ${"x".repeat(900)}`)?.detail.length).toBe(500);
});
