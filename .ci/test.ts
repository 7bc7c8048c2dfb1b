/**
 * The gate: `bun .ci/test.ts` runs all lanes, `bun .ci/test.ts LANE...` some. A failure does not keep later lanes from
 * running. The last line on stdout is `N passed, N failed, N skipped`; the exit code is 1 when anything failed or
 * nothing ran.
 */
import { writeSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Counts, junitCounts } from "./junit.ts";
import { type Lane, lanes, type Step } from "./lanes.ts";
import { duration, say } from "./print.ts";
import { ROOT } from "./stamp.ts";

const ONE_PASSED: Counts = { passed: 1, failed: 0, skipped: 0 };
const ONE_FAILED: Counts = { passed: 0, failed: 1, skipped: 0 };

const sum = (all: readonly Counts[]): Counts => ({
  passed: all.reduce((n, c) => n + c.passed, 0),
  failed: all.reduce((n, c) => n + c.failed, 0),
  skipped: all.reduce((n, c) => n + c.skipped, 0),
});
const text = ({ passed, failed, skipped }: Counts): string => `${passed} passed, ${failed} failed, ${skipped} skipped`;

/** Runs a command with its output going to ours; returns its exit code, 124 when it had to be ended. */
async function run(argv: readonly string[], limitMinutes: number): Promise<number> {
  const child = Bun.spawn([...argv], { cwd: ROOT, stdin: "ignore", stdout: "inherit", stderr: "inherit" });
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    child.kill("SIGKILL");
  }, limitMinutes * 60_000);
  const code = await child.exited;
  clearTimeout(timer);
  if (late) say(`ended after ${limitMinutes} minutes: ${argv.join(" ")}`);
  return late ? 124 : code;
}

async function runStep({ argv, tests, limitMinutes }: Step): Promise<Counts> {
  try {
    if (!tests) return (await run(argv, limitMinutes)) === 0 ? ONE_PASSED : ONE_FAILED;
    const temp = await mkdtemp(join(tmpdir(), "gate-"));
    try {
      const report = join(temp, "report.xml");
      const code = await run([...argv, "--reporter=junit", `--reporter-outfile=${report}`], limitMinutes);
      const file = Bun.file(report);
      const counts = (await file.exists()) ? junitCounts(await file.text()) : undefined;
      // No report: a file could not be loaded, or Bun crashed. Exit code without a failed test: an error between tests.
      if (counts === undefined || counts.passed + counts.failed + counts.skipped === 0) return ONE_FAILED;
      return code !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
    } finally {
      await rm(temp, { recursive: true });
    }
  } catch (error) {
    say(String(error));
    return ONE_FAILED;
  }
}

async function runLane(lane: Lane, buildFailed: boolean): Promise<Counts> {
  const results: Counts[] = [];
  for (const step of await lane.steps()) {
    if (lane.needsBuild === true && buildFailed) say(`not run, the build failed: ${step.argv.join(" ")}`);
    results.push(lane.needsBuild === true && buildFailed ? ONE_FAILED : await runStep(step));
  }
  return sum(results);
}

async function main(names: readonly string[]): Promise<number> {
  const unknown = names.filter((name) => !lanes.some((lane) => lane.name === name));
  if (unknown.length > 0) {
    say(`unknown lane ${unknown.join(", ")}: there are ${lanes.map((lane) => lane.name).join(", ")}`);
    return 2;
  }
  const results: Counts[] = [];
  const table: string[] = [];
  let buildFailed = false;
  for (const lane of lanes.filter((l) => names.length === 0 || names.includes(l.name))) {
    say(`--- ${lane.name}`);
    const started = performance.now();
    const counts = await runLane(lane, buildFailed);
    if (lane.name === "build") buildFailed = counts.failed > 0;
    results.push(counts);
    const line = `${lane.name.padEnd(10)} ${duration(performance.now() - started).padStart(12)}   ${text(counts)}`;
    table.push(line);
    say(`--- ${line}`);
  }
  const total = sum(results);
  say(`\n${table.join("\n")}`);
  writeSync(1, `${text(total)}\n`);
  return total.failed > 0 || total.passed === 0 ? 1 : 0;
}

process.exitCode = await main(process.argv.slice(2));
