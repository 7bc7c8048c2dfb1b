import { expect, test } from "bun:test";
import { createLogger } from "../base/log.ts";
import type { ByteChannel } from "../driver/contract.ts";
import { encodeMessage, FrameReader, PROTOCOL_VERSION } from "../protocol/frame.ts";
import type { GuestMessage, GuestPort, HostMessage } from "../protocol/guest.ts";
import { GuestAgentLink } from "./guest-agent.ts";

const silent = createLogger({ level: "panic", format: "text", write: () => undefined });

/** The guest's end of a channel: collects what the host says, answers what it is told to. */
class FakeGuest {
  readonly heard: HostMessage[] = [];
  readonly #reader = new FrameReader();
  readonly #closed = Promise.withResolvers<void>();
  readonly channel: ByteChannel;
  onMessage: (m: HostMessage) => void = () => undefined;

  constructor() {
    this.channel = {
      onData: () => undefined,
      closed: this.#closed.promise,
      write: (data) => {
        for (const frame of this.#reader.push(data)) {
          const message = JSON.parse(new TextDecoder().decode(frame.payload)) as HostMessage;
          this.heard.push(message);
          queueMicrotask(() => this.onMessage(message));
        }
        return true;
      },
      close: () => this.#closed.resolve(),
    };
  }

  say(message: GuestMessage | Record<string, unknown>): void {
    this.channel.onData(encodeMessage(message));
  }
}

const hello = (m: HostMessage, version = PROTOCOL_VERSION) => ({ kind: "hello", version, nonce: m.kind === "hello" ? m.nonce : "", agent: "1.2.3", bootId: "b" }) as const;

function link(guests: FakeGuest[]) {
  const seen: string[] = [];
  const first = Promise.withResolvers<void>();
  const ports = Promise.withResolvers<readonly GuestPort[]>();
  const made = new GuestAgentLink(
    () => {
      const next = guests.shift();
      return next ? Promise.resolve(next.channel) : new Promise(() => undefined);
    },
    {
      onHello: (version) => {
        seen.push(`hello ${version}`);
        first.resolve();
      },
      onPorts: (full, added) => {
        seen.push(`ports ${full} ${added.map((p) => p.port).join(",")}`);
        ports.resolve(added);
      },
    },
    silent,
  );
  void made.run();
  return { made, seen, hello: first.promise, ports: ports.promise };
}

test("the host speaks first, and ports are taken after the agent's answer", async () => {
  const guest = new FakeGuest();
  guest.onMessage = (m) => {
    if (m.kind !== "hello") return;
    guest.say(hello(m));
    guest.say({ kind: "ports", full: true, added: [{ protocol: "tcp", ip: "0.0.0.0", port: 80 }], removed: [] });
  };
  const { made, seen, ports } = link([guest]);
  await ports;
  expect(guest.heard[0]?.kind).toBe("hello");
  expect(seen).toEqual(["hello 1.2.3", "ports true 80"]);
  made.close();
});

test("messages before the greeting and answers to somebody else's greeting count for nothing", async () => {
  const guest = new FakeGuest();
  guest.onMessage = (m) => {
    if (m.kind !== "hello") return;
    guest.say({ kind: "ports", full: true, added: [{ protocol: "tcp", ip: "0.0.0.0", port: 81 }], removed: [] });
    guest.say({ ...hello(m), nonce: "stale" });
    guest.say(hello(m));
  };
  const { made, seen, hello: greeted } = link([guest]);
  await greeted;
  expect(seen).toEqual(["hello 1.2.3"]);
  made.close();
});

test("garbage and hostile values from the guest are dropped", async () => {
  const guest = new FakeGuest();
  guest.onMessage = (m) => {
    if (m.kind !== "hello") return;
    guest.channel.onData(new TextEncoder().encode("LIMALIMA\u0000\u0001 noise"));
    guest.say(hello(m));
    guest.say({ kind: "ports", full: false, added: [{ protocol: "tcp", ip: "0.0.0.0", port: 99_999 }, { protocol: "tcp", ip: "x".repeat(100), port: 1 }, null, { protocol: "tcp", ip: "::", port: 82 }], removed: [] });
  };
  const { made, seen, ports } = link([guest]);
  await ports;
  expect(seen).toEqual(["hello 1.2.3", "ports false 82"]);
  made.close();
});

test("a closed channel is opened and greeted again", async () => {
  const [one, two] = [new FakeGuest(), new FakeGuest()];
  one.onMessage = (m) => { if (m.kind === "hello") guestHello(one, m); };
  const again = Promise.withResolvers<void>();
  two.onMessage = (m) => {
    if (m.kind === "hello") again.resolve();
  };
  const guestHello = (g: FakeGuest, m: HostMessage): void => g.say(hello(m));
  const { made, hello: greeted } = link([one, two]);
  await greeted;
  one.channel.close();
  await again.promise;
  made.close();
});

test("an agent of another protocol version is not worked with", async () => {
  const guest = new FakeGuest();
  guest.onMessage = (m) => {
    if (m.kind === "hello") guest.say(hello(m, PROTOCOL_VERSION + 1));
  };
  const { made, seen } = link([guest]);
  await Bun.sleep(20);
  expect(made.version).toBeUndefined();
  expect(seen).toEqual([]);
  made.close();
});

test("ping() gives the agent's figures, and undefined without an answer", async () => {
  const guest = new FakeGuest();
  let answer = true;
  guest.onMessage = (m) => {
    if (m.kind === "hello") guest.say(hello(m));
    if (m.kind === "ping" && answer) guest.say({ kind: "pong", id: m.id, rssBytes: 5, cpuMs: 6 });
  };
  const { made, hello: greeted } = link([guest]);
  await greeted;
  expect(await made.ping(1000)).toEqual({ rssBytes: 5, cpuMs: 6 });
  answer = false;
  expect(await made.ping(20)).toBeUndefined();
  made.close();
});
