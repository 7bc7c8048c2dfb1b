import { afterEach, beforeEach, expect, test } from "bun:test";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Context } from "../base/context.ts";
import { codeOf } from "../base/errors.ts";
import { createLogger } from "../base/log.ts";
import type { Driver, DriverRegistry, RunningVm } from "../driver/contract.ts";
import { FILES } from "../store/filenames.ts";
import { deleteInstance } from "./delete.ts";
import { stopInstance, stopInstances } from "./stop.ts";

let home = "";
let dir = "";
let abort = new AbortController();
let calls: string[] = [];
/** What the VM's stop() gives; the VM is gone then. */
let obeys: () => Promise<boolean>;
let vmRuns = false;

const vm = (): RunningVm => ({
  pid: 7, description: "", emulated: false,
  exited: Promise.withResolvers<never>().promise,
  connectPort: () => Promise.reject(new Error("not in this test")),
  stop: async (timeoutMs) => {
    calls.push(`stop ${timeoutMs}`);
    const answer = await obeys();
    vmRuns = false;
    return answer;
  },
});
const driver = (): Driver => ({
  name: "qemu",
  features: { imageFormats: ["qcow2"], emulatesOtherArch: true },
  validate: async () => undefined,
  createDisk: async () => undefined,
  start: () => Promise.reject(new Error("not in this test")),
  attach: async () => (vmRuns ? vm() : undefined),
  inspect: async () => (vmRuns ? { pid: 7 } : {}),
  kill: async () => { calls.push("kill"); vmRuns = false; },
});
const drivers: DriverRegistry = { qemu: async () => ({ default: driver }) };
const context = (): Context => ({
  home, cacheDir: join(home, ".cache"), env: { HOME: home }, signal: abort.signal, debug: false, tty: false, self: [], version: "0.1.0", shareDir: undefined,
  log: createLogger({ level: "info", format: "text", write: (line) => { calls.push(/level=(\w+)/.exec(line)?.[1] ?? ""); } }),
});

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "lima-stop-"));
  dir = join(home, "web");
  mkdirSync(dir);
  writeFileSync(join(dir, FILES.config), "images:\n- location: /x\n  arch: x86_64\narch: x86_64\n");
  writeFileSync(join(dir, FILES.qemuPid), "7\n");
  abort = new AbortController();
  calls = [];
  vmRuns = true;
  obeys = async () => true;
});
afterEach(() => rmSync(home, { recursive: true }));

const fails = async (work: Promise<unknown>): Promise<string | undefined> => codeOf(await work.then(() => undefined, (error: unknown) => error));

test("a VM without host agent is powered down by its driver, and what the agent left is cleared away", async () => {
  for (const name of [FILES.hostAgentPid, FILES.hostAgentSock, "x.tmp"]) writeFileSync(join(dir, name), "");
  await stopInstance(context(), drivers, "web");
  expect(calls).toEqual(["info", "stop 180000"]);
  expect(readdirSync(dir)).toEqual([FILES.config]);
});

test("one that does not obey is told of", async () => {
  obeys = async () => false;
  await stopInstance(context(), drivers, "web");
  expect(calls).toEqual(["info", "stop 180000", "warning"]);
});

test("Ctrl-C ends the waiting", async () => {
  obeys = () => Promise.withResolvers<never>().promise;
  const stopping = stopInstance(context(), drivers, "web");
  await Bun.sleep(20);
  abort.abort(Object.assign(new Error("interrupted"), { code: "INTERRUPTED" }));
  expect(await fails(stopping)).toBe("INTERRUPTED");
});

test("stopping what is stopped is an error, forced it is not", async () => {
  vmRuns = false;
  expect(await fails(stopInstances(context(), drivers, ["web"], false))).toBe("NOT_RUNNING");
  await stopInstances(context(), drivers, ["web"], true);
  expect(existsSync(join(dir, FILES.qemuPid))).toBe(false);
});

test("several failures are all told", async () => {
  const error: unknown = await stopInstances(context(), drivers, ["no1", "web", "no2"], false).catch((e: unknown) => e);
  expect(error).toBeInstanceOf(AggregateError);
  expect((error as AggregateError).errors.map(codeOf)).toEqual(["INSTANCE_NOT_FOUND", "INSTANCE_NOT_FOUND"]);
  expect(vmRuns).toBe(false);
});

test("delete refuses what runs, and kills it when forced", async () => {
  expect(await fails(deleteInstance(context(), drivers, "web", false))).toBe("NOT_STOPPED");
  expect(vmRuns).toBe(true);
  await deleteInstance(context(), drivers, "web", true);
  expect(calls).toContain("kill");
  expect(readdirSync(home).filter((name) => name !== ".cache")).toEqual([]);
});
