import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Context } from "../base/context.ts";
import { createLogger } from "../base/log.ts";
import type { HostAgentStatus } from "../protocol/hostagent.ts";
import { FILES } from "../store/filenames.ts";
import { awaitReady, type Readiness } from "./await-ready.ts";
import { LogTail } from "./log-tail.ts";

let dir = "";
let logged: string[] = [];
let abort = new AbortController();
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "lima-follow-"));
  logged = [];
  abort = new AbortController();
});
afterEach(() => rmSync(dir, { recursive: true }));

const context = (): Context => ({
  home: dir, cacheDir: dir, env: {}, signal: abort.signal, debug: false, tty: false, self: [], version: "0", shareDir: undefined,
  log: createLogger({ level: "info", format: "text", write: (line) => { logged.push(line.replace(/^time="[^"]*" /, "").trim()); } }),
});

const event = (status: HostAgentStatus): void => appendFileSync(join(dir, FILES.hostAgentStdout), `${JSON.stringify({ time: new Date().toISOString(), status })}\n`);
const line = (level: string, msg: string): void => appendFileSync(join(dir, FILES.hostAgentStderr), `${JSON.stringify({ level, msg, time: new Date().toISOString() })}\n`);

function follow(alive: () => boolean = () => true, timeoutMs = 5000): Promise<Readiness> {
  return awaitReady(context(), { dir, alive, timeoutMs, lines: "start", ending: () => "exit status 3" });
}

describe("awaitReady()", () => {
  test("is ready at the running event, and says the ssh port once", async () => {
    event({ sshLocalPort: 60022 });
    const done = follow();
    await Bun.sleep(60);
    event({ sshLocalPort: 60022, stage: { name: "kernel", text: "the kernel boots", elapsedMs: 1 } });
    event({ running: true, sshLocalPort: 60022 });
    expect(await done).toEqual({ kind: "ready" });
    expect(logged).toEqual(['level=info msg="SSH Local Port: 60022"']);
  });

  test("is degraded with the causes", async () => {
    event({ running: true, degraded: true, errors: ["a", "b"] });
    expect(await follow()).toEqual({ kind: "degraded", cause: "a; b" });
  });

  test.each<[string, () => void, string]>([
    ["the events' errors", () => { line("error", "low"); event({ errors: ["kernel panic"] }); event({ exiting: true, errors: ["kernel panic"] }); }, "kernel panic"],
    ["the last error of the log", () => { line("error", "first"); line("fatal", "second"); line("info", "third"); event({ exiting: true }); }, "second"],
    ["that it was stopped", () => event({ exiting: true }), "the VM was stopped while it was starting"],
  ])("when the agent exits, the cause is %s", async (_name, write, cause) => {
    write();
    expect(await follow()).toEqual({ kind: "exited", cause });
  });

  test("an agent that died without a word is told by how it ended", async () => {
    expect(await follow(() => false)).toEqual({ kind: "exited", cause: "the host agent ended unexpectedly (exit status 3)" });
  });

  test("what a dead agent wrote last is still read", async () => {
    line("fatal", "out of memory");
    expect(await follow(() => false)).toEqual({ kind: "exited", cause: "out of memory" });
    expect(logged).toEqual(['level=error msg="[hostagent] out of memory"']);
  });

  test("a timeout names the last stage", async () => {
    event({ stage: { name: "kernel", text: "the kernel boots", elapsedMs: 1 } });
    expect(await follow(() => true, 50)).toEqual({ kind: "timeout", stage: "the kernel boots" });
  });

  test("Ctrl-C ends the waiting", async () => {
    const done = follow();
    abort.abort();
    expect(await done).toEqual({ kind: "interrupted" });
  });

  test("half a line and foreign lines are no events", async () => {
    appendFileSync(join(dir, FILES.hostAgentStdout), '{"time":"x","status":{"runn');
    const done = follow();
    await Bun.sleep(60);
    appendFileSync(join(dir, FILES.hostAgentStdout), 'ing":true}}\nnoise\n');
    expect(await done).toEqual({ kind: "ready" });
  });
});

describe("LogTail", () => {
  test("gives whole lines, each once, and cuts no character in two", () => {
    const path = join(dir, "log");
    using tail = new LogTail(path, "start");
    expect(tail.lines()).toEqual([]);
    writeFileSync(path, "a\nb");
    expect(tail.lines()).toEqual(["a"]);
    const bytes = Buffer.from("é\nc\n");
    appendFileSync(path, bytes.subarray(0, 1));
    expect(tail.lines()).toEqual([]);
    appendFileSync(path, bytes.subarray(1));
    expect(tail.lines()).toEqual(["bé", "c"]);
    expect(tail.lines()).toEqual([]);
  });

  test("from the end leaves out what is there, and reads long files to their end", () => {
    const path = join(dir, "log");
    writeFileSync(path, "old\n");
    using tail = new LogTail(path, "end");
    appendFileSync(path, `${"x".repeat(200_000)}\nnew\n`);
    expect(tail.lines().map((l) => l.length)).toEqual([200_000, 3]);
  });
});
