import { expect, test } from "bun:test";
import type { GuestPort } from "../../lib/protocol/guest.ts";
import { decodeReply, encodeRequest, ipv6Text } from "./sock-diag.ts";
import { parseProcNet } from "./proc-net.ts";
import { difference, PortWatcher } from "./ports.ts";

/** One inet_diag_msg in its netlink header. */
function entry(family: number, address: readonly number[], port: number): Buffer {
  const b = Buffer.alloc(88);
  b.writeUInt32LE(88, 0);
  b.writeUInt16LE(20, 4);
  b[16] = family;
  b.writeUInt16BE(port, 20);
  Buffer.from(address).copy(b, 24);
  return b;
}

const done = (() => {
  const b = Buffer.alloc(20);
  b.writeUInt32LE(20, 0);
  b.writeUInt16LE(3, 4);
  return b;
})();

test("a dump request asks for listeners of one family", () => {
  const b = encodeRequest(10);
  expect(b.length).toBe(72);
  expect([b.readUInt16LE(4), b[16], b[17], b.readUInt32LE(20)]).toEqual([20, 10, 6, 1024]);
});

test("replies give the listeners of both families, mapped IPv4 as IPv4", () => {
  const found: GuestPort[] = [];
  const mapped = [...Array<number>(10).fill(0), 255, 255, 127, 0, 0, 1];
  const over = decodeReply(Buffer.concat([entry(2, [127, 0, 0, 1], 8080), entry(10, Array<number>(16).fill(0), 80), entry(10, mapped, 81), done]), found);
  expect(over).toBe(true);
  expect(found.map((p) => `${p.ip} ${p.port}`)).toEqual(["127.0.0.1 8080", ":: 80", "127.0.0.1 81"]);
});

test("a reply in several datagrams goes on; a cut one and an error end", () => {
  const found: GuestPort[] = [];
  expect(decodeReply(entry(2, [0, 0, 0, 0], 1), found)).toBe(false);
  expect(decodeReply(entry(2, [0, 0, 0, 0], 1).subarray(0, 40), found)).toBe(true);
  const error = Buffer.alloc(20);
  error.writeUInt32LE(20, 0);
  error.writeUInt16LE(2, 4);
  error.writeInt32LE(-2, 16);
  expect(() => decodeReply(error, found)).toThrow("errno 2");
});

test.each([
  ["00000000000000000000000000000001", "::1"],
  ["fe800000000000000000000000000001", "fe80::1"],
  ["20010db8000000000001000000000001", "2001:db8::1:0:0:1"],
  ["00010002000300040005000600070008", "1:2:3:4:5:6:7:8"],
  ["00010000000300040005000600070008", "1:0:3:4:5:6:7:8"],
])("ipv6Text(%s)", (hex, text) => {
  expect(ipv6Text(Buffer.from(hex, "hex"))).toBe(text);
});

test("/proc/net gives the same answer", () => {
  const tcp = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1 1 0 100 0 0 10 0
   1: 0100007F:1F90 0100007F:A000 01 00000000:00000000 00:00000000 00000000     0        0 2 1 0 100 0 0 10 0
   2: 0000000000000000FFFF00000100007F:0051 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000 0 0 3 1 0 100 0 0 10 0
   3: 00000000000000000000000001000000:0052 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000 0 0 4 1 0 100 0 0 10 0
`;
  expect(parseProcNet(tcp).map((p) => `${p.ip} ${p.port}`)).toEqual(["127.0.0.1 8080", "127.0.0.1 81", "::1 82"]);
});

test("difference() tells what came and went, duplicates once", () => {
  const port = (n: number) => ({ protocol: "tcp", ip: "::", port: n }) as const;
  const first = difference(new Map(), [port(1), port(2), port(2)]);
  expect(first.change.added.length).toBe(2);
  const second = difference(first.after, [port(2), port(3)]);
  expect(second.change).toEqual({ added: [port(3)], removed: [port(1)] });
});

test("PortWatcher tells differences to what it said, to nobody after stop()", () => {
  const port = (n: number) => ({ protocol: "tcp", ip: "::", port: n }) as const;
  const heard: unknown[] = [];
  const watcher = new PortWatcher();
  watcher.update([port(1)]);
  expect(watcher.restart((change) => heard.push(change))).toEqual([port(1)]);
  watcher.update([port(1)]);
  watcher.update([port(2)]);
  watcher.stop();
  watcher.update([port(3)]);
  expect(heard).toEqual([{ added: [port(2)], removed: [port(1)] }]);
  expect(watcher.restart(() => undefined)).toEqual([port(3)]);
});
