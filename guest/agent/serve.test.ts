import { expect, test } from "bun:test";
import { encodeMessage, FrameReader, PROTOCOL_VERSION } from "../../lib/protocol/frame.ts";
import { type GuestMessage, parseGuestMessage } from "../../lib/protocol/guest.ts";
import { Conversation } from "./serve.ts";
import type { PortChange } from "./ports.ts";

function setUp() {
  const said: GuestMessage[] = [];
  const reader = new FrameReader();
  let onChange: ((c: PortChange) => void) | undefined;
  const conversation = new Conversation({
    version: "9.9.9",
    watchPorts: (f) => {
      onChange = f;
      return [{ protocol: "tcp", ip: "0.0.0.0", port: 22 }];
    },
    stopWatching: () => { onChange = undefined; },
    write: (bytes) => {
      for (const frame of reader.push(bytes)) {
        const message = parseGuestMessage(frame.payload);
        if (message) said.push(message);
      }
    },
  });
  return { said, conversation, change: (c: PortChange) => onChange?.(c), watching: () => onChange !== undefined };
}

test("a greeting is answered with its nonce and everything that listens; changes follow", () => {
  const { said, conversation, change } = setUp();
  conversation.receive(encodeMessage({ kind: "hello", version: PROTOCOL_VERSION, nonce: "n1" }));
  change({ added: [{ protocol: "tcp", ip: "127.0.0.1", port: 80 }], removed: [] });
  expect(said.map((m) => m.kind)).toEqual(["hello", "ports", "ports"]);
  expect(said[0]).toMatchObject({ nonce: "n1", agent: "9.9.9" });
  expect(said[1]).toMatchObject({ full: true, added: [{ port: 22 }] });
  expect(said[2]).toMatchObject({ full: false, added: [{ port: 80 }] });
});

test("nothing is said before a greeting, nor after the host is gone", () => {
  const { said, conversation, watching } = setUp();
  expect(said).toEqual([]);
  conversation.receive(encodeMessage({ kind: "hello", version: PROTOCOL_VERSION, nonce: "n" }));
  expect(watching()).toBe(true);
  conversation.lost();
  expect(watching()).toBe(false);
});

test("a host of another version hears ours and gets no ports", () => {
  const { said, conversation } = setUp();
  conversation.receive(encodeMessage({ kind: "hello", version: 99, nonce: "n" }));
  expect(said.map((m) => m.kind)).toEqual(["hello"]);
});

test("ping and an unneeded clock sync are answered by id; unknown messages are not", () => {
  const { said, conversation } = setUp();
  conversation.receive(encodeMessage({ kind: "hello", version: PROTOCOL_VERSION, nonce: "n" }));
  said.length = 0;
  conversation.receive(encodeMessage({ kind: "ping", id: 7 }));
  conversation.receive(encodeMessage({ kind: "timeSync", id: 8, hostTime: Date.now(), thresholdMs: 60_000 }));
  conversation.receive(encodeMessage({ kind: "dance", id: 9 }));
  expect(said.map((m) => ("id" in m ? m.id : 0))).toEqual([7, 8]);
});

test("an agent that took the place of another is silent until it is greeted itself", () => {
  const { said, conversation } = setUp();
  conversation.receive(encodeMessage({ kind: "ping", id: 1 }));
  conversation.receive(encodeMessage({ kind: "timeSync", id: 2, hostTime: Date.now(), thresholdMs: 60_000 }));
  expect(said).toEqual([]);
});
