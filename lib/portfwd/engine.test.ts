import { afterEach, expect, test } from "bun:test";
import { connect, createServer, type AddressInfo, type Server } from "node:net";
import type { Duplex } from "node:stream";
import { createLogger } from "../base/log.ts";
import type { PortForwardEvent } from "../protocol/hostagent.ts";
import { PortEngine } from "./engine.ts";
import { decide } from "./rules.ts";

const log = createLogger({ level: "panic", format: "text", write: () => undefined });
const cleanups: (() => void)[] = [];
afterEach(() => { for (const undo of cleanups.splice(0)) undo(); });

/** A server that stands in for the guest; the engine dials it whatever address it asks for. */
function guest(onConnection: (socket: import("node:net").Socket) => void): Promise<{ server: Server; dial: (ip: string, port: number) => Promise<Duplex> }> {
  const server = createServer({ allowHalfOpen: true }, onConnection);
  cleanups.push(() => server.close());
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      resolve({
        server,
        dial: () => new Promise((ok, no) => {
          const socket = connect({ port, host: "127.0.0.1", allowHalfOpen: true }, () => ok(socket));
          socket.once("error", no);
        }),
      });
    });
  });
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, "127.0.0.1", () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}

function engine(dial: (ip: string, port: number) => Promise<Duplex>, sshLocalPort = 1) {
  const events: PortForwardEvent[] = [];
  const waiting: { type: string; resolve: (e: PortForwardEvent) => void }[] = [];
  const made = new PortEngine({
    log, sshLocalPort, dial,
    onEvent: (e) => {
      events.push(e);
      for (const w of waiting.filter((x) => x.type === e.type)) w.resolve(e);
    },
  });
  cleanups.push(() => made.closeAll());
  const next = (type: PortForwardEvent["type"]): Promise<PortForwardEvent> => new Promise((resolve) => waiting.push({ type, resolve }));
  return { made, events, next };
}

function exchange(port: number, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let got = "";
    const socket = connect({ port, host: "127.0.0.1", allowHalfOpen: true }, () => socket.end(text));
    socket.on("data", (d) => { got += d.toString(); });
    socket.on("end", () => resolve(got));
    socket.on("error", reject);
  });
}

test("a forwarded port passes bytes and half-close both ways", async () => {
  // Answers only after the client has finished sending: without half-close this never ends.
  const { dial } = await guest((socket) => {
    let all = "";
    socket.on("data", (d) => { all += d.toString(); });
    socket.on("end", () => socket.end(`got ${all}`));
  });
  const { made, next } = engine(dial);
  const port = await freePort();
  const forwarding = next("forwarding");
  made.apply(true, [{ protocol: "tcp", ip: "0.0.0.0", port }], []);
  expect((await forwarding).hostAddr).toBe(`127.0.0.1:${port}`);
  expect(await exchange(port, "hello")).toBe("got hello");
});

test("the host port closes when the last of several guest listeners is gone", async () => {
  const { dial } = await guest((socket) => socket.end("x"));
  const { made, next, events } = engine(dial);
  const port = await freePort();
  const forwarding = next("forwarding");
  made.apply(false, [{ protocol: "tcp", ip: "0.0.0.0", port }, { protocol: "tcp", ip: "::", port }], []);
  await forwarding;
  made.apply(false, [], [{ protocol: "tcp", ip: "0.0.0.0", port }]);
  expect(await exchange(port, "")).toBe("x");
  made.apply(false, [], [{ protocol: "tcp", ip: "::", port }]);
  expect(events.at(-1)?.type).toBe("stopping");
  expect(exchange(port, "")).rejects.toThrow();
});

test("a full list keeps open what is still wanted and closes the rest", async () => {
  const { dial } = await guest((socket) => socket.end("x"));
  const { made, next, events } = engine(dial);
  const [a, b] = [await freePort(), await freePort()];
  const listener = (port: number) => ({ protocol: "tcp", ip: "127.0.0.1", port }) as const;
  let forwarding = next("forwarding");
  made.apply(true, [listener(a)], []);
  await forwarding;
  forwarding = next("forwarding");
  made.apply(true, [listener(a), listener(b)], []);
  await forwarding;
  made.apply(true, [listener(b)], []);
  expect(events.map((e) => `${e.type} ${e.guestAddr}`)).toEqual([`forwarding 127.0.0.1:${a}`, `forwarding 127.0.0.1:${b}`, `stopping 127.0.0.1:${a}`]);
  expect(made.list().map((p) => p.hostAddr)).toEqual([`127.0.0.1:${b}`]);
});

test("a host port in use is a failed event that names the reason", async () => {
  const { dial } = await guest((socket) => socket.end());
  const { made, next } = engine(dial);
  const taken = createServer().listen(0, "127.0.0.1");
  cleanups.push(() => taken.close());
  await new Promise((resolve) => taken.once("listening", resolve));
  const { port } = taken.address() as AddressInfo;
  const failed = next("failed");
  made.apply(true, [{ protocol: "tcp", ip: "127.0.0.1", port }], []);
  expect((await failed).error).toContain("the host port is in use");
});

test("a refused guest side resets the host connection instead of ending it", async () => {
  const { made, next } = engine(() => Promise.reject(new Error("refused")));
  const port = await freePort();
  const forwarding = next("forwarding");
  made.apply(true, [{ protocol: "tcp", ip: "127.0.0.1", port }], []);
  await forwarding;
  const outcome = await new Promise<string>((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.on("error", (e: Error & { code?: string }) => resolve(e.code ?? "error"));
    socket.on("end", () => resolve("end"));
    socket.resume();
  });
  expect(outcome).toBe("ECONNRESET");
});

test("decide() protects ssh and leaves foreign addresses alone", () => {
  const tcp = (ip: string, port: number) => decide({ protocol: "tcp", ip, port }, 60022);
  expect(tcp("0.0.0.0", 22)).toEqual({ kind: "ignore", quiet: true });
  expect(tcp("127.0.0.1", 60022)).toEqual({ kind: "ignore", quiet: true });
  expect(tcp("127.0.0.53", 53)).toEqual({ kind: "ignore", quiet: true });
  expect(tcp("10.1.2.3", 80)).toEqual({ kind: "ignore", quiet: false });
  expect(tcp("::", 8080)).toEqual({ kind: "forward", hostIp: "127.0.0.1", hostPort: 8080 });
  expect(decide({ protocol: "udp", ip: "127.0.0.1", port: 53 }, 1)).toEqual({ kind: "ignore", quiet: false });
});
