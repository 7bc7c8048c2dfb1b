import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Context } from "../base/context.ts";
import { codeOf } from "../base/errors.ts";
import { createLogger } from "../base/log.ts";
import { fetchTemplate } from "./http.ts";
import { readTemplate, type TemplateInputs } from "./locator.ts";
import { findTemplate, listTemplates } from "./store.ts";

const top = mkdtempSync(join(tmpdir(), "lima-template-"));
afterAll(() => rmSync(top, { recursive: true }));

let count = 0;
let home = "";
let logged: string[] = [];
beforeEach(() => {
  home = join(top, String(count++));
  logged = [];
});

function context(more: Partial<Context> = {}): Context {
  return {
    home, cacheDir: join(home, "cache"), env: {}, log: createLogger({ level: "info", format: "text", write: (line) => logged.push(line) }), signal: new AbortController().signal,
    debug: false, tty: false, self: [], version: "0.1.0", shareDir: undefined, ...more,
  };
}

function put(path: string, text: string | Uint8Array): string {
  const file = join(home, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
}

const embedded = () => Promise.resolve({ default: "embedded default", "ubuntu-24.04": "embedded ubuntu", "_images/debian": "part" });
const INPUTS: TemplateInputs = { embedded };

const codeFrom = (promise: Promise<unknown>): Promise<string | undefined> => promise.then(() => "no error", (error: unknown) => codeOf(error) ?? String(error));

async function* chunks(...texts: (string | Uint8Array)[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield typeof text === "string" ? new TextEncoder().encode(text) : text;
}

describe("the template store", () => {
  test("_templates comes before share, share before the embedded set", async () => {
    const ctx = context({ shareDir: join(home, "share") });
    expect(await findTemplate(ctx, "default", embedded)).toEqual({ text: "embedded default" });
    const shared = put("share/templates/default.yaml", "s");
    expect(await findTemplate(ctx, "default", embedded)).toEqual({ path: shared });
    const own = put("_templates/default.yaml", "o");
    expect(await findTemplate(ctx, "default", embedded)).toEqual({ path: own });
  });

  test("LIMA_TEMPLATES_PATH replaces all of them", async () => {
    const mine = put("b/x.yaml", "x");
    const ctx = context({ env: { LIMA_TEMPLATES_PATH: `${join(home, "a")}:${join(home, "b")}` } });
    expect(await findTemplate(ctx, "x", embedded)).toEqual({ path: mine });
    expect(await codeFrom(findTemplate(ctx, "default", embedded))).toBe("TEMPLATE_NOT_FOUND");
    expect(await listTemplates(ctx, embedded)).toEqual([{ name: "x", location: mine }]);
  });

  test("an extension that starts with a digit is part of the name", async () => {
    expect(await findTemplate(context(), "ubuntu-24.04", embedded)).toEqual({ text: "embedded ubuntu" });
    expect(await findTemplate(context(), "ubuntu-24.04.yaml", embedded)).toEqual({ text: "embedded ubuntu" });
    const script = put("_templates/setup.sh", "#!/bin/sh");
    expect(await findTemplate(context(), "setup.sh", embedded)).toEqual({ path: script });
  });

  test.each([["../secret", "INVALID_NAME"], ["a/../../b", "INVALID_NAME"], ["", "INVALID_NAME"], ["nope", "TEMPLATE_NOT_FOUND"], ["constructor", "TEMPLATE_NOT_FOUND"], ["__proto__", "TEMPLATE_NOT_FOUND"]])("%p is %s", async (name, code) => {
    put("secret.yaml", "secret");
    expect(await codeFrom(findTemplate(context(), name, embedded))).toBe(code);
  });

  test("listing is sorted, names each template once, and shows where it is", async () => {
    const own = put("_templates/default.yaml", "o");
    const deep = put("_templates/experimental/vnc.yaml", "v");
    put("_templates/.hidden.yaml", "h");
    put("_templates/readme.md", "r");
    expect(await listTemplates(context(), embedded)).toEqual([
      { name: "_images/debian", location: "template:_images/debian" },
      { name: "default", location: own },
      { name: "experimental/vnc", location: deep },
      { name: "ubuntu-24.04", location: "template:ubuntu-24.04" },
    ]);
  });
});

describe("readTemplate()", () => {
  test("template:NAME", async () => {
    expect(await readTemplate(context(), "template:default", INPUTS)).toEqual({ text: "embedded default", name: "default", source: "template:default" });
    const path = put("_templates/experimental/vnc.yaml", "v");
    expect(await readTemplate(context(), "template:experimental/vnc", INPUTS)).toEqual({ text: "v", name: "vnc", source: path });
    expect(logged).toEqual([]);
  });

  test("template://NAME works and says how to write it", async () => {
    expect((await readTemplate(context(), "template://default", INPUTS)).text).toBe("embedded default");
    expect(logged.join("")).toContain("should be written");
  });

  test("paths and file URLs", async () => {
    const path = put("x/My-Machine.yaml", "\ufeffcpus: 1");
    const expected = { text: "cpus: 1", name: "my-machine", source: path };
    expect(await readTemplate(context(), path)).toEqual(expected);
    expect(await readTemplate(context(), `file://${path}`)).toEqual(expected);
    expect((await readTemplate(context(), put("x/.lima.yaml", "a"))).name).toBeUndefined();
  });

  test("stdin has no name", async () => {
    expect(await readTemplate(context(), "-", { stdin: () => chunks("a: ", "1") })).toEqual({ text: "a: 1", name: undefined, source: "stdin" });
  });

  test("an image file", async () => {
    const { text, name } = await readTemplate(context(), "/x/debian-13-generic-arm64.qcow2");
    expect(text).toContain("location: /x/debian-13-generic-arm64.qcow2");
    expect(name).toStartWith("debian-13");
    expect(logged).toEqual([]);
    await readTemplate(context(), "/x/disk.img");
    expect(logged.join("")).toContain("cannot tell the architecture");
  });

  test.each([
    ["/nope/x.yaml", "TEMPLATE_NOT_FOUND"], ["file://x.yaml", "INVALID_LOCATOR"], ["", "INVALID_LOCATOR"], ["github:lima-vm/lima", "INVALID_LOCATOR"], ["https://", "INVALID_LOCATOR"], ["template:nope", "TEMPLATE_NOT_FOUND"], ["template:", "INVALID_NAME"],
    ["/", "TEMPLATE_UNREADABLE"], ["/dev/zero", "TEMPLATE_TOO_LARGE"],
  ])("%p is %s", async (locator, code) => {
    expect(await codeFrom(readTemplate(context(), locator, INPUTS))).toBe(code);
  });

  test("what is no text is refused", async () => {
    expect(await codeFrom(readTemplate(context(), put("x.yaml", new Uint8Array([0xff, 0xfe, 0x61]))))).toBe("TEMPLATE_UNREADABLE");
  });

  test("a read that never ends follows Ctrl-C", async () => {
    const controller = new AbortController();
    const never = { [Symbol.asyncIterator]: () => ({ next: () => new Promise<IteratorResult<Uint8Array>>(() => undefined) }) };
    const reading = readTemplate(context({ signal: controller.signal }), "-", { stdin: () => never });
    controller.abort(new Error("interrupted"));
    expect(await codeFrom(reading)).toBe("Error: interrupted");
  });

  test("base.yaml, which has no effect yet, is named", async () => {
    put("_config/base.yaml", "cpus: 1");
    await readTemplate(context(), "template:default", INPUTS);
    expect(logged.join("")).toContain("base.yaml");
  });
});

describe("fetchTemplate()", () => {
  let server: ReturnType<typeof Bun.serve> | undefined;
  let url = "";
  beforeAll(() => {
    server = Bun.serve({
      port: 0,
      hostname: "127.0.0.1",
      routes: {
        "/ok.yaml": new Response("cpus: 1"),
        "/html-type.yaml": new Response("cpus: 1", { headers: { "content-type": "text/html" } }),
        "/page.yaml": new Response("\n<!DOCTYPE html><html></html>"),
        "/merge.yaml": new Response("<<: {a: 1}"),
        "/large.yaml": () => new Response("#".repeat(5 * 1024 * 1024)),
        "/moved.yaml": () => Response.redirect("/ok.yaml", 302),
        "/slow.yaml": () => new Promise<Response>(() => undefined),
      },
      fetch: () => new Response("<html>not found</html>", { status: 404, statusText: "Not Found" }),
    });
    url = `http://127.0.0.1:${server.port}`;
  });
  afterAll(async () => server?.stop(true));

  test.each([["/ok.yaml", "cpus: 1"], ["/html-type.yaml", "cpus: 1"], ["/merge.yaml", "<<: {a: 1}"], ["/moved.yaml", "cpus: 1"]])("%s is read", async (path, text) => {
    expect(await fetchTemplate(context(), url + path)).toBe(text);
  });

  test.each([["/page.yaml", /HTML page/], ["/nope.yaml", /the server answered 404 Not Found/], ["/large.yaml", /larger than 4 MiB/], ["/slow.yaml", /no answer within 0.2 seconds/]])("%s is refused", async (path, message) => {
    expect(await fetchTemplate(context(), url + path, 200).catch((error: unknown) => String(error))).toMatch(message);
  });

  test("nobody there", async () => {
    expect(await codeFrom(fetchTemplate(context(), "http://127.0.0.1:1/x.yaml"))).toBe("TEMPLATE_DOWNLOAD");
  });

  test("Ctrl-C while waiting", async () => {
    const controller = new AbortController();
    const waiting = fetchTemplate(context({ signal: controller.signal }), `${url}/slow.yaml`);
    controller.abort(new Error("interrupted"));
    expect(await codeFrom(waiting)).toBe("Error: interrupted");
  });

  test("by locator, with the name of the file", async () => {
    expect(await readTemplate(context(), `${url}/ok.yaml?token=1`)).toEqual({ text: "cpus: 1", name: "ok", source: `${url}/ok.yaml?token=1` });
  });
});
