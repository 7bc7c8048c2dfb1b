import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Socket } from "bun";
import { codeOf } from "../../../lib/base/errors.ts";
import { connectChannel } from "./channel.ts";

let dir: string;
let server: { stop: (closeAll: boolean) => void } | undefined;
const path = (): string => join(dir, "s.sock");

function listen(handlers: { open?: (socket: Socket) => unknown; data?: (socket: Socket, chunk: Uint8Array) => void }): void {
  server = Bun.listen({ unix: path(), socket: { open: (socket) => void handlers.open?.(socket), data: handlers.data ?? (() => undefined) } });
}

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "lima-test-"));
});
afterEach(() => {
  server?.stop(true);
  server = undefined;
  rmSync(dir, { recursive: true });
});

describe("connectChannel()", () => {
  test("throws the system error where nobody listens", async () => {
    const error: unknown = await connectChannel(path()).then(() => undefined, (e: unknown) => e);
    expect(codeOf(error)).toBe("ENOENT");
  });

  test("keeps what arrives before somebody listens to it", async () => {
    listen({ open: (socket) => socket.write("hello") });
    const channel = await connectChannel(path());
    await Bun.sleep(20);
    const got = Promise.withResolvers<string>();
    channel.onData = (chunk) => got.resolve(new TextDecoder().decode(chunk));
    expect(await got.promise).toBe("hello");
    channel.close();
  });

  test("delivers megabytes in order, whatever the socket takes at a time", async () => {
    const size = 4 << 20;
    const sent = new Uint8Array(size).map((_, i) => (i * 31 + (i >> 12)) & 255);
    let got = new Uint8Array(0);
    const all = Promise.withResolvers<void>();
    listen({
      data: (_, chunk) => {
        got = Buffer.concat([got, chunk]);
        if (got.length === size) all.resolve();
      },
    });
    const channel = await connectChannel(path());
    const scratch = new Uint8Array(1 << 16);
    for (let at = 0; at < size; at += scratch.length) {
      // One buffer for all writes: what is queued must be a copy.
      scratch.set(sent.subarray(at, at + scratch.length));
      expect(channel.write(scratch)).toBe(true);
    }
    await all.promise;
    expect(Buffer.compare(got, sent)).toBe(0);
    channel.close();
  });

  test("closes rather than queue more than 8 MiB for a peer that does not read", async () => {
    listen({ open: (socket) => socket.pause() });
    const channel = await connectChannel(path());
    const chunk = new Uint8Array(1 << 20);
    let accepted = 0;
    while (accepted < 100 && channel.write(chunk)) accepted++;
    await channel.closed;
    expect(accepted).toBeGreaterThanOrEqual(7);
    expect(accepted).toBeLessThan(20);
    expect(channel.write(chunk)).toBe(false);
  });

  test("tells when the peer closes", async () => {
    listen({ open: (socket) => socket.end() });
    const channel = await connectChannel(path());
    await channel.closed;
    expect(channel.write(Uint8Array.of(1))).toBe(false);
  });
});
