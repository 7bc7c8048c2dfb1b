import { describe, expect, test } from "bun:test";
import type { ByteChannel } from "../../../lib/driver/contract.ts";
import { Qmp, QmpError, type QmpEvent } from "./client.ts";

const GREETING = '{"QMP": {"version": {"qemu": {"micro": 22, "minor": 2, "major": 7}, "package": "Debian"}, "capabilities": ["oob"]}}\r\n';

/** The other end of a monitor connection, in memory. */
class FakeMonitor implements ByteChannel {
  onData: (chunk: Uint8Array) => void = () => undefined;
  readonly closed: Promise<void>;
  readonly sent: { execute: string; arguments?: unknown; id: number }[] = [];
  /** Answers a command; nothing is answered while it is undefined. */
  answer: ((command: { execute: string; id: number }) => void) | undefined = ({ id }) => this.say({ return: {}, id });
  #open = true;
  readonly #closed = Promise.withResolvers<void>();

  constructor() {
    this.closed = this.#closed.promise;
  }

  write(data: Uint8Array): boolean {
    if (!this.#open) return false;
    const command = JSON.parse(new TextDecoder().decode(data)) as { execute: string; id: number };
    this.sent.push(command);
    queueMicrotask(() => this.answer?.(command));
    return true;
  }

  close(): void {
    this.#open = false;
    this.#closed.resolve();
  }

  say(message: object): void {
    this.raw(`${JSON.stringify(message)}\r\n`);
  }

  raw(text: string): void {
    this.onData(new TextEncoder().encode(text));
  }
}

async function connected(onEvent?: (event: QmpEvent) => void): Promise<{ monitor: FakeMonitor; qmp: Qmp }> {
  const monitor = new FakeMonitor();
  const handshake = Qmp.handshake(monitor, { timeoutMs: 1000, ...(onEvent ? { onEvent } : {}) });
  monitor.raw(GREETING);
  return { monitor, qmp: await handshake };
}

async function failure(promise: Promise<unknown>): Promise<QmpError> {
  const error = await promise.then(() => undefined, (e: unknown) => e);
  if (error instanceof QmpError) return error;
  throw new Error("no QmpError");
}

describe("Qmp", () => {
  test("does the handshake and knows QEMU's version, whatever the chunks", async () => {
    const monitor = new FakeMonitor();
    const handshake = Qmp.handshake(monitor, { timeoutMs: 1000 });
    for (const byte of new TextEncoder().encode(GREETING)) monitor.onData(Uint8Array.of(byte));
    expect((await handshake).version).toEqual({ major: 7, minor: 2, micro: 22 });
    expect(monitor.sent.map((c) => c.execute)).toEqual(["qmp_capabilities"]);
  });

  test("matches replies by id, with events and other orders between them", async () => {
    const events: string[] = [];
    const { monitor, qmp } = await connected((event) => events.push(event.name));
    monitor.answer = undefined;
    const status = qmp.command("query-status");
    const vnc = qmp.command("query-vnc");
    const [first, second] = monitor.sent.slice(-2).map((c) => c.id);
    monitor.raw(`{"event": "RESET", "data": {"guest": true}}\n{"return": {"enabled": true, "service": "5900"}, "id": ${second}}\n{"return": {"sta`);
    monitor.raw(`tus": "running", "running": true}, "id": ${first}}\n`);
    expect(await status).toEqual({ status: "running", running: true });
    expect((await vnc).service).toBe("5900");
    expect(events).toEqual(["RESET"]);
  });

  test("passes arguments and QEMU's refusals on", async () => {
    const { monitor, qmp } = await connected();
    monitor.answer = ({ id }) => monitor.say({ id, error: { class: "GenericError", desc: "Could not set password" } });
    const error = await failure(qmp.command("set_password", { protocol: "vnc", password: "secret" }));
    expect([error.errorClass, error.message]).toEqual(["GenericError", "Could not set password"]);
    expect(monitor.sent.at(-1)?.arguments).toEqual({ protocol: "vnc", password: "secret" });
  });

  test("times out without a greeting, as a second client does, and lets go", async () => {
    const monitor = new FakeMonitor();
    expect((await failure(Qmp.handshake(monitor, { timeoutMs: 10 }))).errorClass).toBe("TimedOut");
    expect(monitor.write(new Uint8Array())).toBe(false);
  });

  test("times out on a command, and takes the late reply for nothing", async () => {
    const { monitor, qmp } = await connected();
    monitor.answer = undefined;
    expect((await failure(qmp.command("query-status", undefined, 10))).errorClass).toBe("TimedOut");
    monitor.say({ return: {}, id: monitor.sent.at(-1)?.id });
    expect(qmp.isOpen).toBe(true);
  });

  test("fails what waits when the monitor goes, and everything after", async () => {
    const { monitor, qmp } = await connected();
    monitor.answer = undefined;
    const waiting = failure(qmp.command("query-status"));
    monitor.close();
    expect((await waiting).errorClass).toBe("Closed");
    expect((await failure(qmp.command("quit"))).errorClass).toBe("Closed");
    expect(qmp.isOpen).toBe(false);
  });

  test("closes on what is not QMP, and on a line without end", async () => {
    const first = await connected();
    first.monitor.raw("SSH-2.0-OpenSSH_9.2\n");
    await first.qmp.closed;
    const second = await connected();
    for (let i = 0; i < 20; i++) second.monitor.raw("x".repeat(1 << 16));
    await second.qmp.closed;
    expect(second.qmp.isOpen).toBe(false);
  });
});
