import { expect, test } from "bun:test";
import { createProgress } from "./progress.ts";

function trial(tty: boolean): { lines: string[]; drawn: string[]; at: (ms: number, done: number, total?: number) => void; finish: () => void } {
  const lines: string[] = [];
  const drawn: string[] = [];
  let clock = 0;
  const progress = createProgress({ tty, label: "downloading the image", write: (t) => drawn.push(t), line: (t) => lines.push(t), now: () => clock });
  const at = (ms: number, done: number, total?: number): void => {
    clock = ms;
    progress.update(done, total);
  };
  return { lines, drawn, at, finish: progress.finish };
}

test("createProgress() writes a line every five seconds, none for a short download", () => {
  const { lines, drawn, at, finish } = trial(false);
  at(0, 0, 1000);
  at(4999, 400, 1000);
  expect(lines).toEqual([]);
  at(5000, 500, 1000);
  at(9000, 900, 1000);
  at(10_000, 1000, 1000);
  finish();
  expect(lines).toEqual(["downloading the image: 50% of 1000B (100B/s)", "downloading the image: 100% of 1000B (100B/s)"]);
  expect(drawn).toEqual([]);
});

test("createProgress() draws a bar on a terminal and takes it off again", () => {
  const { lines, drawn, at, finish } = trial(true);
  at(0, 1000, 3000);
  at(100, 1500, 3000);
  at(1000, 2000, 3000);
  finish();
  expect(lines).toEqual([]);
  expect(drawn).toHaveLength(3);
  expect(drawn[1]).toContain(`[${"=".repeat(20)}${" ".repeat(10)}] 66% of 2.93KiB 1000B/s 1s`);
  expect(drawn[2]).toBe("\r\u001b[K");
});

test("createProgress() works without a known total", () => {
  const { lines, at } = trial(false);
  at(0, 0);
  at(5000, 2048);
  expect(lines).toEqual(["downloading the image: 2KiB (410B/s)"]);
});
