import { afterEach, expect, test } from "bun:test";
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BootFailure, BootMonitor } from "./boot-monitor.ts";
import { SerialLog } from "./serial-log.ts";

const dirs: string[] = [];
const monitors: BootMonitor[] = [];
afterEach(() => {
  for (const m of monitors.splice(0)) m.stop();
  for (const d of dirs.splice(0)) rmSync(d, { recursive: true });
});

function setUp() {
  const dir = mkdtempSync(join(tmpdir(), "lima-boot-"));
  dirs.push(dir);
  const path = join(dir, "serial.log");
  const stages: string[] = [];
  const problems: string[] = [];
  const waiting: { name: string; resolve: () => void }[] = [];
  const monitor = new BootMonitor({
    emulated: false,
    serial: new SerialLog(path),
    onStage: (s) => {
      stages.push(s.name);
      for (const w of waiting) if (w.name === s.name) w.resolve();
    },
    onProblem: (text) => problems.push(text),
  });
  monitors.push(monitor);
  const say = (text: string): void => monitor.push(new TextEncoder().encode(text));
  const stage = (name: string): Promise<void> => new Promise((resolve) => waiting.push({ name, resolve }));
  return { monitor, path, stages, problems, say, stage };
}

test("reports from the guest become stages, cut anywhere", async () => {
  const { monitor, stages, say } = setUp();
  say("lima-boot 1 cloud-init start\nlima-boot 1 bo");
  say("ot start\nnoise\nlima-boot 1 module start 05-a.sh\nlima-boot 1 module ok 05-a.sh\nlima-boot 1 sshd ok\n");
  await monitor.reached("sshd");
  say("lima-boot 1 done ok\n");
  await monitor.reached("done");
  expect(stages).toEqual(["cloud-init", "boot", "module", "sshd", "done"]);
});

test("a failed script is a problem that names it, and the boot goes on", async () => {
  const { monitor, problems, say } = setUp();
  say("lima-boot 1 provision fail system/00000000 exit=3 no such package\nlima-boot 1 done fail\n");
  await monitor.reached("done");
  expect(problems[0]).toBe("provision script failed: system/00000000 exit=3 no such package");
});

test("a kernel panic ends the boot at once, with the cause and the place to look", async () => {
  const { monitor, path } = setUp();
  writeFileSync(path, "[ 0.0] Linux version 6.12\n[ 1.0] Kernel panic - not syncing: No working init found.\n");
  const error: unknown = await monitor.failed.catch((e: unknown) => e);
  expect(error).toBeInstanceOf(BootFailure);
  expect((error as BootFailure).fatal).toBe(true);
  expect((error as BootFailure).message).toContain("the guest kernel panicked: No working init found.");
  expect((error as BootFailure).message).toContain(path);
});

test("evidence that a read cuts in two is still found", async () => {
  const { monitor, path, stage } = setUp();
  const started = stage("firmware");
  writeFileSync(path, "[ 1.0] Kernel panic - not sync");
  await started;
  appendFileSync(path, "ing: out of luck\n");
  expect(monitor.failed).rejects.toThrow("out of luck");
  await monitor.failed.catch(() => undefined);
});

test("a guest that keeps rebooting is given up", async () => {
  const { monitor, path } = setUp();
  writeFileSync(path, "Linux version 6.12 \n".repeat(6));
  expect(monitor.failed).rejects.toThrow("keeps rebooting");
  await monitor.failed.catch(() => undefined);
});
