import { afterAll, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Context } from "../lib/base/context.ts";
import { LimaError } from "../lib/base/errors.ts";
import { createLogger } from "../lib/base/log.ts";
import type { GlobalFlags } from "./cli/flags.ts";
import { type Process, runLima, runLimactl } from "./dispatch.ts";

const home = mkdtempSync(join(tmpdir(), "lima-dispatch-"));
afterAll(() => rmSync(home, { recursive: true }));

async function run(face: "lima" | "limactl", argv: readonly string[], env: Record<string, string> = {}): Promise<{ out: string; error: string; flags: GlobalFlags | undefined }> {
  let out = "";
  let flags: GlobalFlags | undefined;
  const ctx: Context = {
    home, env, cacheDir: join(home, "cache"), log: createLogger({ level: "error", format: "text", write: () => undefined }),
    signal: new AbortController().signal, debug: false, tty: false, self: [], version: "1.2.3", shareDir: undefined,
  };
  const proc: Process = { env, version: "1.2.3", out: { write: (text) => { out += text; }, isTerminal: false, width: undefined }, context: (given) => { flags = given; return ctx; } };
  try {
    await (face === "lima" ? runLima : runLimactl)(proc, argv);
    return { out, error: "", flags };
  } catch (error) {
    if (!(error instanceof LimaError)) throw error;
    return { out, error: `${error.message}${error.hint === undefined ? "" : ` (${error.hint})`}`, flags };
  }
}

describe("limactl", () => {
  test.each([[[]], [["--help"]], [["-h"]], [["help"]], [["--debug", "--help"]]])("%j shows the list of commands", async (argv) => {
    const { out, error } = await run("limactl", argv);
    expect(error).toBe("");
    expect(out).toContain("Basic commands:");
    expect(out).not.toContain("hostagent");
  });

  test.each([[["help", "stop"]], [["stop", "--help"]], [["stop", "-h", "--nosuch"]], [["--log-level=debug", "stop", "x", "--help"]], [["help", "rm"]]])("%j shows the page of a command", async (argv) => {
    const { out, error } = await run("limactl", argv);
    expect(error).toBe("");
    expect(out).toContain("--force");
    expect(out).toContain("Global flags:");
  });

  test.each([["-v"], ["--version"]])("%s shows the version", async (flag) => {
    expect((await run("limactl", [flag])).out).toBe("limactl version 1.2.3\n");
    expect((await run("lima", [flag])).out).toBe("limactl version 1.2.3\n");
  });

  test("an unknown command is an error with what was perhaps meant", async () => {
    expect((await run("limactl", ["strat"])).error).toBe('unknown command "strat" for "limactl" (did you mean this? start)');
    expect((await run("limactl", ["uname", "-a"])).error).toStartWith('unknown command "uname" for "limactl"');
  });

  test("global flags stand before or after the verb, and the later wins", async () => {
    expect((await run("limactl", ["--log-level=debug", "list", "-q", "--log-level", "error", "--debug"])).flags).toEqual({ "log-level": "error", debug: true });
  });

  test("flags of a verb do not stand before it", async () => {
    expect((await run("limactl", ["--force", "stop"])).error).toBe("unknown flag: --force");
  });

  test("the number of words is checked before anything is done", async () => {
    expect((await run("limactl", ["start", "a", "b"])).error).toStartWith('cannot run "limactl start": accepts at most 1 arg(s), received 2');
    expect((await run("limactl", ["delete"])).error).toContain("requires at least 1 arg(s), only received 0");
    expect((await run("limactl", ["info", "x"])).error).toBe('unknown command "x" for "limactl info"');
  });

  test("aliases work", async () => {
    expect((await run("limactl", ["ls", "-q"])).error).toBe("");
    expect((await run("limactl", ["rm"])).error).toContain('"limactl delete"');
  });
});

describe("lima", () => {
  test("a verb is the verb", async () => {
    expect((await run("lima", ["delete"])).error).toContain('"lima delete"');
    expect((await run("lima", ["help", "delete"])).out).toContain("lima delete");
  });

  const guest = (name: string): string => `instance "${name}" does not exist (run "lima start ${name}" to create it)`;

  test.each([
    ["any other word", ["uname", "-a"]],
    ["a verb after --", ["--", "list"]],
    ["a verb after a flag of shell", ["--workdir", "/", "list"]],
    ["flags of shell alone", ["--shell=/bin/sh"]],
    // Programs of the guest by these names must not delete or list instances.
    ["an alias", ["rm", "-rf", "x"]],
    ["the other alias", ["ls", "--all"]],
    ["words with --help", ["uname", "--help"]],
  ])("%s goes to the guest", async (_name, argv) => {
    expect((await run("lima", argv)).error).toBe(guest("default"));
    expect((await run("lima", argv, { LIMA_INSTANCE: "web" })).error).toBe(guest("web"));
  });

  test("alone it shows help as long as there is no instance", async () => {
    expect((await run("lima", [])).out).toContain("Basic commands:");
  });

  test("a slip of the finger is told while there is no instance", async () => {
    expect((await run("lima", ["strat"])).error).toBe('unknown command "strat" for "lima" (did you mean this? start)');
  });

  test("unknown flags are errors", async () => {
    expect((await run("lima", ["--nosuch"])).error).toBe("unknown flag: --nosuch");
  });
});
