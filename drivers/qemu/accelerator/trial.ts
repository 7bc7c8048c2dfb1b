import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { release, tmpdir } from "node:os";
import { join } from "node:path";
import type { Context } from "../../../lib/base/context.ts";
import { exec } from "../../../lib/base/exec.ts";
import { bootId } from "../../../lib/host/process.ts";
import { ProgramCache } from "../cache.ts";
import { ROM_PASSED, probeRom } from "../probe-rom.ts";

/** The image needs 30 ms where it runs at all. */
const LIMIT_MS = 1000;
/** A host that was only too busy gets another chance after this time. */
const FAILURE_KEPT_MS = 60 * 60 * 1000;

async function runRom(ctx: Context, program: string, accelerator: string): Promise<string | undefined> {
  await using undo = new AsyncDisposableStack();
  const dir = await mkdtemp(join(tmpdir(), "lima-probe-"));
  undo.defer(() => rm(dir, { recursive: true, force: true }));
  const rom = join(dir, "rom.bin");
  await writeFile(rom, probeRom());
  const result = await exec(
    [
      program, "-accel", accelerator, "-m", "16", "-display", "none", "-nodefaults", "-no-user-config", "-no-reboot", "-bios", rom,
      "-device", "isa-debug-exit,iobase=0xf4,iosize=4", "-chardev", "stdio,id=debug", "-device", "isa-debugcon,iobase=0xe9,chardev=debug",
    ],
    { timeoutMs: LIMIT_MS, signal: ctx.signal },
  );
  if (result.exitCode === ROM_PASSED) return undefined;
  const said = result.stderr.split("\n").find((line) => /error|denied|failed|could not/i.test(line))?.trim();
  if (result.exitCode !== 124) return said ?? `a test guest ended with status ${result.exitCode}`;
  return `a test guest hangs${said === undefined ? "" : ` (${said})`}`;
}

/**
 * Boots the test image under an accelerator and says what went wrong, or undefined when it ran to its end within a
 * second. Remembered per QEMU file, kernel and boot of the host. The image is for x86; on another host KVM is real
 * hardware wherever its device opens (no software KVM exists there), so the caller need not try.
 */
export async function tryAccelerator(ctx: Context, program: string, accelerator: string): Promise<string | undefined> {
  const cache = new ProgramCache(ctx);
  const host = `${release()} ${bootId()}`;
  const known = await cache.get(accelerator, program, ({ host: knownHost, failure, time }) => {
    if (knownHost !== host || (failure !== null && typeof failure !== "string") || typeof time !== "number") return undefined;
    return failure === null || Math.abs(Date.now() - time) < FAILURE_KEPT_MS ? { failure } : undefined;
  });
  if (known !== undefined) return known.failure ?? undefined;
  const failure = await runRom(ctx, program, accelerator);
  await cache.put(accelerator, program, { host, failure: failure ?? null, time: Date.now() });
  return failure;
}
