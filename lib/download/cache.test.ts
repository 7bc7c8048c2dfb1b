import { afterEach, beforeEach, expect, test } from "bun:test";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Context } from "../base/context.ts";
import { createLogger } from "../base/log.ts";
import { type CachedFile, withCachedFile } from "./cache.ts";
import { type Limits, LIMITS } from "./http.ts";
import { ENTRY, entryDir } from "./layout.ts";

const CONTENT = new Uint8Array(300_000).map((_, i) => (i * 7919) >> 8);
const DIGEST = `sha256:${new Bun.CryptoHasher("sha256").update(CONTENT).digest("hex")}`;
const FAST: Limits = { ...LIMITS, stall: 400, backoff: 1 };

let cacheDir = "";
let lines: string[] = [];
const stops: (() => void)[] = [];

beforeEach(() => {
  cacheDir = mkdtempSync(join(tmpdir(), "lima-download-"));
  lines = [];
});
afterEach(() => {
  for (const stop of stops.splice(0)) stop();
  rmSync(cacheDir, { recursive: true, force: true });
});

function context(signal = new AbortController().signal): Context {
  const log = createLogger({ level: "debug", format: "text", write: (line) => lines.push(line) });
  return { home: cacheDir, cacheDir, env: {}, log, signal, debug: false, tty: false, self: [], version: "0.0.0", shareDir: undefined };
}

interface Asked {
  readonly method: string;
  readonly range: string | null;
  readonly ifRange: string | null;
}

/** A server that answers by `reply`, or with the content and byte ranges like a good one; records what it was asked. */
function serve(reply: (request: Request, asked: readonly Asked[]) => Response | undefined = () => undefined, etag = '"v1"'): { url: string; asked: Asked[] } {
  const asked: Asked[] = [];
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    fetch(request) {
      asked.push({ method: request.method, range: request.headers.get("range"), ifRange: request.headers.get("if-range") });
      return reply(request, asked) ?? ranged(request, etag);
    },
  });
  stops.push(() => void server.stop(true));
  return { url: `http://127.0.0.1:${server.port}/image.img`, asked };
}

function ranged(request: Request, etag: string): Response {
  const headers = { etag, "last-modified": "Sat, 21 Nov 2026 00:00:00 GMT", "content-type": "application/x-test" };
  const start = /^bytes=(\d+)-$/.exec(request.headers.get("range") ?? "")?.[1];
  const condition = request.headers.get("if-range");
  if (start === undefined || (condition !== null && condition !== etag)) return new Response(CONTENT, { headers });
  if (Number(start) >= CONTENT.length) return new Response(null, { status: 416, headers: { "content-range": `bytes */${CONTENT.length}` } });
  const range = `bytes ${start}-${CONTENT.length - 1}/${CONTENT.length}`;
  return new Response(CONTENT.subarray(Number(start)), { status: 206, headers: { ...headers, "content-range": range } });
}

/** A server that speaks raw TCP: `talk` gets the n-th connection's request text. */
async function serveRaw(talk: (socket: Socket, request: string, n: number) => void): Promise<string> {
  let n = 0;
  const server: Server = createServer((socket) => {
    socket.on("error", () => {});
    socket.once("data", (data) => talk(socket, data.toString(), ++n));
  });
  const listening = Promise.withResolvers<void>();
  server.listen(0, "127.0.0.1", listening.resolve);
  await listening.promise;
  stops.push(() => server.close());
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return `http://127.0.0.1:${address.port}/image.img`;
}

const readAll = async (file: CachedFile): Promise<Uint8Array> => readFileSync(file.path);
const get = (ctx: Context, url: string, digest?: string): Promise<Uint8Array> =>
  withCachedFile(ctx, { url, label: "the image", ...(digest === undefined ? {} : { digest }) }, readAll, FAST);
const entry = (url: string, name: string): string => join(entryDir(cacheDir, url), name);
const error = async (promise: Promise<unknown>): Promise<{ code: string; message: string }> =>
  promise.then(() => ({ code: "none", message: "" }), (e: unknown) => e as { code: string; message: string });

/** What an interrupted run leaves: the first bytes, of the version with this ETag. */
function leavePart(url: string, bytes: number, etag: string): void {
  mkdirSync(entryDir(cacheDir, url), { recursive: true });
  writeFileSync(entry(url, ENTRY.part), CONTENT.subarray(0, bytes));
  writeFileSync(entry(url, ENTRY.partVersion), JSON.stringify({ etag, lastModified: "" }));
}

test("withCachedFile() downloads once, records what was served, then trusts the digest file without asking", async () => {
  const { url, asked } = serve();
  expect(await get(context(), url, DIGEST)).toEqual(Buffer.from(CONTENT));
  expect(await get(context(), url, DIGEST)).toEqual(Buffer.from(CONTENT));
  expect(asked).toHaveLength(1);
  expect(readFileSync(entry(url, ENTRY.url), "utf8")).toBe(url);
  expect(readFileSync(entry(url, "sha256.digest"), "utf8")).toBe(DIGEST);
  expect(readFileSync(entry(url, ENTRY.type), "utf8")).toBe("application/x-test");
  expect(readFileSync(entry(url, ENTRY.time), "utf8")).toBe("Sat, 21 Nov 2026 00:00:00 GMT");
  expect(statSync(entryDir(cacheDir, url)).mode & 0o777).toBe(0o700);
  expect(statSync(entry(url, ENTRY.data)).mode & 0o777).toBe(0o444);
  expect(existsSync(entry(url, ENTRY.part))).toBe(false);
});

test("withCachedFile() continues a cut download where it stopped", async () => {
  const ranges: string[] = [];
  const url = await serveRaw((socket, request, n) => {
    const start = Number(/range: bytes=(\d+)-/i.exec(request)?.[1] ?? 0);
    ranges.push(`${start} ${/if-range: (.*)\r/i.exec(request)?.[1] ?? "-"}`);
    const body = CONTENT.subarray(start);
    const status = start > 0 ? `206 Partial Content\r\nContent-Range: bytes ${start}-${CONTENT.length - 1}/${CONTENT.length}` : "200 OK";
    socket.write(`HTTP/1.1 ${status}\r\nETag: "v1"\r\nContent-Length: ${body.length}\r\n\r\n`);
    if (n < 3) socket.write(body.subarray(0, 100_000), () => setTimeout(() => socket.destroy(), 20));
    else socket.end(body);
  });
  expect(await get(context(), url, DIGEST)).toEqual(Buffer.from(CONTENT));
  expect(ranges).toEqual(["0 -", '100000 "v1"', '200000 "v1"']);
});

test("withCachedFile() continues what an earlier run left, and not when the file has changed since", async () => {
  const same = serve();
  leavePart(same.url, 120_000, '"v1"');
  expect(await get(context(), same.url)).toEqual(Buffer.from(CONTENT));
  expect(same.asked.at(-1)).toEqual({ method: "GET", range: "bytes=120000-", ifRange: '"v1"' });

  const changed = serve(undefined, '"v2"');
  leavePart(changed.url, 120_000, '"v1"');
  writeFileSync(entry(changed.url, ENTRY.part), new Uint8Array(120_000));
  expect(await get(context(), changed.url)).toEqual(Buffer.from(CONTENT));
});

test("withCachedFile() starts over with a server that ignores ranges", async () => {
  const { url, asked } = serve(() => new Response(CONTENT));
  leavePart(url, 120_000, '"v1"');
  expect(await get(context(), url, DIGEST)).toEqual(Buffer.from(CONTENT));
  expect(asked.at(-1)?.range).toBe("bytes=120000-");
});

test("withCachedFile() takes a part that turns out to be complete", async () => {
  const { url, asked } = serve();
  leavePart(url, CONTENT.length, '"v1"');
  const before = asked.length;
  expect(await get(context(), url, DIGEST)).toEqual(Buffer.from(CONTENT));
  expect(asked.length - before).toBe(1);
});

test("withCachedFile() retries a wrong digest once, from the start, then fails", async () => {
  const once = serve((_, asked) => (asked.length === 1 ? new Response("rubbish") : undefined));
  expect(await get(context(), once.url, DIGEST)).toEqual(Buffer.from(CONTENT));
  expect(once.asked.map((a) => a.range)).toEqual([null, null]);

  const always = serve(() => new Response("rubbish"));
  const { code, message } = await error(get(context(), always.url, DIGEST));
  expect(code).toBe("DIGEST_MISMATCH");
  expect(message).toContain(`expected ${DIGEST}, got sha256:${new Bun.CryptoHasher("sha256").update("rubbish").digest("hex")}`);
  expect(always.asked).toHaveLength(2);
  expect(existsSync(entry(always.url, ENTRY.data))).toBe(false);
});

test("withCachedFile() tries again after server errors, not after a 404", async () => {
  const shaky = serve((_, asked) => (asked.length < 3 ? new Response("", { status: 503 }) : undefined));
  expect(await get(context(), shaky.url)).toEqual(Buffer.from(CONTENT));
  const missing = serve(() => new Response("no", { status: 404 }));
  const { code, message } = await error(get(context(), missing.url));
  expect(code).toBe("HTTP_STATUS");
  expect(message).toContain("HTTP status 404 Not Found");
  expect(missing.asked).toHaveLength(1);
});

test("withCachedFile() fails at once for a host that refuses or does not exist", async () => {
  const started = performance.now();
  expect((await error(get(context(), "http://127.0.0.1:1/x"))).message).toContain("no connection (ECONNREFUSED)");
  expect((await error(get(context(), "http://nowhere.invalid/x"))).message).toContain('host "nowhere.invalid" not found');
  expect(performance.now() - started).toBeLessThan(3_000);
});

test("withCachedFile() gives up a stalled connection and continues on another", async () => {
  const url = await serveRaw((socket, request, n) => {
    const start = Number(/range: bytes=(\d+)-/i.exec(request)?.[1] ?? 0);
    if (n === 1) socket.write(`HTTP/1.1 200 OK\r\nETag: "v1"\r\nContent-Length: ${CONTENT.length}\r\n\r\n`, () => socket.write(CONTENT.subarray(0, 5000)));
    else socket.end(Buffer.concat([Buffer.from(`HTTP/1.1 206 Partial Content\r\nETag: "v1"\r\nContent-Range: bytes ${start}-${CONTENT.length - 1}/${CONTENT.length}\r\nContent-Length: ${CONTENT.length - start}\r\n\r\n`), CONTENT.subarray(start)]));
  });
  expect(await get(context(), url)).toEqual(Buffer.from(CONTENT));
  expect(lines.join("")).toContain("no data for 0.4 seconds");
});

test("withCachedFile() does not wait twice for a server that accepts and says nothing", async () => {
  let connections = 0;
  const url = await serveRaw(() => void connections++);
  expect((await error(get(context(), url))).message).toContain("no data for 0.4 seconds");
  expect(connections).toBe(1);
});

test("withCachedFile() leaves a part to continue when aborted, and no payload", async () => {
  const stop = new AbortController();
  const url = await serveRaw((socket) => {
    socket.write(`HTTP/1.1 200 OK\r\nETag: "v1"\r\nContent-Length: ${CONTENT.length}\r\n\r\n`, () => socket.write(CONTENT.subarray(0, 5000), () => setTimeout(() => stop.abort(new Error("stopped by the user")), 50)));
  });
  expect((await error(get(context(stop.signal), url))).message).toBe("stopped by the user");
  expect(readFileSync(entry(url, ENTRY.part))).toEqual(Buffer.from(CONTENT.subarray(0, 5000)));
  expect(existsSync(entry(url, ENTRY.data))).toBe(false);
});

test("withCachedFile() lets concurrent callers download once", async () => {
  const { url, asked } = serve();
  const all = await Promise.all([1, 2, 3].map(() => get(context(), url, DIGEST)));
  for (const data of all) expect(data).toEqual(Buffer.from(CONTENT));
  expect(asked).toHaveLength(1);
});

test("withCachedFile() asks whether a file without digest has changed", async () => {
  let etag = '"v1"';
  const { url, asked } = serve((request) => ranged(request, etag));
  await get(context(), url);
  await get(context(), url);
  etag = '"v2"';
  await get(context(), url);
  expect(asked.map((a) => a.method)).toEqual(["GET", "HEAD", "HEAD", "GET"]);
});

test("withCachedFile() uses the cached file when the server is away", async () => {
  const { url } = serve();
  await get(context(), url);
  for (const stop of stops.splice(0)) stop();
  expect(await get(context(), url)).toEqual(Buffer.from(CONTENT));
  expect(lines.join("")).toContain("using the cached file");
});

test("withCachedFile() checks a cached file against a digest that comes later", async () => {
  const { url, asked } = serve();
  await get(context(), url);
  await get(context(), url, DIGEST);
  expect(asked).toHaveLength(1);
  expect(readFileSync(entry(url, "sha256.digest"), "utf8")).toBe(DIGEST);
});

test("withCachedFile() downloads again when another digest is wanted than recorded", async () => {
  const { url, asked } = serve();
  await get(context(), url, DIGEST);
  expect((await error(get(context(), url, `sha256:${"0".repeat(64)}`))).code).toBe("DIGEST_MISMATCH");
  expect(asked).toHaveLength(3);
  // The payload that matched the old digest is still there.
  await get(context(), url, DIGEST);
  expect(asked).toHaveLength(3);
});

test("withCachedFile() keeps the stored bytes of a coded response", async () => {
  const packed = Bun.gzipSync(CONTENT);
  const { url } = serve(() => new Response(packed, { headers: { "content-encoding": "gzip" } }));
  expect(await get(context(), url)).toEqual(Buffer.from(packed));
});

test("withCachedFile() refuses other schemes, and checks the space before the body", async () => {
  expect((await error(get(context(), "ftp://x/y"))).code).toBe("INVALID_URL");
  const url = await serveRaw((socket) => void socket.write("HTTP/1.1 200 OK\r\nContent-Length: 9000000000000000\r\n\r\n"));
  const { code, message } = await error(get(context(), url));
  expect(code).toBe("NO_DISK_SPACE");
  expect(message).toContain(entryDir(cacheDir, url));
});
