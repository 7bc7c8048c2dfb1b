import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Context } from "../../../lib/base/context.ts";
import { createLogger } from "../../../lib/base/log.ts";
import type { VmExit } from "../../../lib/driver/contract.ts";
import type { Qmp } from "../qmp/client.ts";
import { VmEvents } from "./events.ts";
import { powerDown, type Target } from "./power-down.ts";

let dir: string;
let lines: string[];
let ctx: Context;

beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), "lima-test-"));
});
afterAll(() => rmSync(dir, { recursive: true }));
beforeEach(() => {
  lines = [];
  ctx = { log: createLogger({ level: "info", format: "text", write: (line) => void lines.push(line) }) } as Context;
  writeFileSync(join(dir, "qemu.pid"), "1\n");
});

/** A monitor that answers `query-status` with the given state, notes the rest, and lets `on` react. */
function fakeQmp(status: string, on: (command: string) => void = () => undefined): { qmp: Qmp; commands: string[] } {
  const commands: string[] = [];
  const command = (name: string): Promise<unknown> => {
    if (name === "query-status") return Promise.resolve({ status, running: status === "running" });
    commands.push(name);
    on(name);
    return Promise.resolve({});
  };
  return { qmp: { isOpen: true, command } as unknown as Qmp, commands };
}

function target(status: string, endsOn: string): { target: Target; commands: string[] } {
  const exited = Promise.withResolvers<VmExit>();
  const { qmp, commands } = fakeQmp(status, (name) => {
    if (name === endsOn) exited.resolve({ code: 0, stderr: "" });
  });
  return { target: { ctx, dir, pid: 0x7ffffffe, qmp, exited: exited.promise }, commands };
}

describe("powerDown()", () => {
  test("presses the power button, and is true when the guest obeys", async () => {
    const { target: vm, commands } = target("running", "system_powerdown");
    expect(await powerDown(vm, 5000)).toBe(true);
    expect(commands).toEqual(["system_powerdown"]);
    expect(existsSync(join(dir, "qemu.pid"))).toBe(false);
    expect(lines).toEqual([]);
  });

  test("ends QEMU when the guest does not obey in time", async () => {
    const { target: vm, commands } = target("running", "quit");
    expect(await powerDown(vm, 20)).toBe(false);
    expect(commands).toEqual(["system_powerdown", "quit"]);
    expect(lines[0]).toContain("did not power down");
  });

  test("does not wait for a guest whose CPU broke", async () => {
    const { target: vm, commands } = target("internal-error", "quit");
    expect(await powerDown(vm, 60_000)).toBe(false);
    expect(commands).toEqual(["quit"]);
  });

  test("lets a paused guest go on before it asks", async () => {
    const { target: vm, commands } = target("paused", "system_powerdown");
    expect(await powerDown(vm, 5000)).toBe(true);
    expect(commands).toEqual(["cont", "system_powerdown"]);
  });
});

describe("VmEvents", () => {
  const ioError = { name: "BLOCK_IO_ERROR", data: { device: "boot-disk", operation: "write", action: "stop", nospace: true, reason: "No space left on device" } };

  test("tells of a full disk once, however many writes fail", async () => {
    const events = new VmEvents(ctx, dir);
    await events.watch(fakeQmp("running").qmp);
    for (let i = 0; i < 5; i++) events.onEvent(ioError);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain("level=error");
    expect(lines[0]).toContain("the host's disk is full");
  });

  test("finds a guest that was paused by a full disk before anybody listened", async () => {
    await new VmEvents(ctx, dir).watch(fakeQmp("io-error").qmp);
    expect(lines[0]).toContain("the host's disk is full");
  });

  test("ends QEMU when the accelerator fails under the guest", async () => {
    const { qmp, commands } = fakeQmp("internal-error");
    await new VmEvents(ctx, dir).watch(qmp);
    expect(commands).toEqual(["quit"]);
    expect(lines[0]).toContain("the accelerator failed");
  });

  test("keeps quiet about the ordinary", async () => {
    const events = new VmEvents(ctx, dir);
    await events.watch(fakeQmp("running").qmp);
    events.onEvent({ name: "RESET", data: { guest: true, reason: "guest-reset" } });
    events.onEvent({ name: "SHUTDOWN", data: { guest: true, reason: "guest-shutdown" } });
    expect(lines).toEqual([]);
  });
});
