import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Context } from "../base/context.ts";
import { createLogger } from "../base/log.ts";
import type { Driver, DriverRegistry } from "../driver/contract.ts";
import { type FileLock, tryLock } from "../host/lock.ts";
import { processIdentity } from "../host/process.ts";
import { FILES } from "../store/filenames.ts";
import { inspectInstance } from "./inspect.ts";
import { listInstances } from "./list.ts";
import { loginShell } from "./login-shell.ts";
import { instanceRecord } from "./record.ts";

const YAML = `images:
- location: /images/x.qcow2
  arch: x86_64
arch: x86_64
cpus: 3
memory: 2GiB
disk: 20GiB
message: |
  Hello from {{.Name}}
`;

let home = "";
let dir = "";
let asked = 0;
/** Pid that the driver says is the hypervisor's. */
let vmPid: number | undefined;
let held: FileLock | undefined;

const driver = (): Driver => ({
  name: "qemu",
  features: { imageFormats: ["qcow2"], emulatesOtherArch: true },
  validate: async () => undefined,
  createDisk: async () => undefined,
  start: () => Promise.reject(new Error("not in this test")),
  attach: async () => undefined,
  inspect: async () => { asked++; return vmPid === undefined ? {} : { pid: vmPid }; },
  kill: async () => undefined,
});
const drivers: DriverRegistry = { qemu: async () => ({ default: driver }) };

const context = (): Context => ({
  home, cacheDir: join(home, ".cache"), env: { HOME: home }, signal: new AbortController().signal, debug: false, tty: false, self: [], version: "0.1.0", shareDir: undefined,
  log: createLogger({ level: "error", format: "text", write: () => undefined }),
});

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "lima-inspect-"));
  dir = join(home, "web");
  mkdirSync(dir);
  writeFileSync(join(dir, FILES.config), YAML);
  asked = 0;
  vmPid = undefined;
});
afterEach(() => {
  held?.release();
  held = undefined;
  rmSync(home, { recursive: true });
});

function agentRuns(): void {
  held = tryLock(join(dir, FILES.hostAgentLock));
  held?.write(JSON.stringify(processIdentity()));
  writeFileSync(join(dir, FILES.hostAgentPid), `${process.pid}\n`);
}

/** The table and the full record must never disagree. */
async function statuses(): Promise<{ status: string; errors: readonly string[] }> {
  const { status, errors } = await inspectInstance(context(), drivers, "web");
  const [row] = await listInstances(context(), drivers, ["web"]);
  expect({ status: row?.status as string, errors: row?.errors }).toEqual({ status, errors });
  return { status, errors };
}

describe("status", () => {
  test("neither host agent nor VM: Stopped, and the driver need not even be loaded", async () => {
    writeFileSync(join(dir, FILES.hostAgentLock), "{}");
    expect(await statuses()).toEqual({ status: "Stopped", errors: [] });
    expect(asked).toBe(0);
  });

  test("pid files of the dead: Stopped", async () => {
    writeFileSync(join(dir, FILES.hostAgentPid), "1\n");
    writeFileSync(join(dir, FILES.qemuPid), "1\n");
    expect(await statuses()).toEqual({ status: "Stopped", errors: [] });
    expect(asked).toBeGreaterThan(0);
  });

  test("a host agent that holds its lock, booting included: Running", async () => {
    agentRuns();
    expect(await statuses()).toEqual({ status: "Running", errors: [] });
  });

  test("a VM whose host agent is gone: Running, and what to do", async () => {
    writeFileSync(join(dir, FILES.qemuPid), "7\n");
    vmPid = 7;
    expect(await statuses()).toEqual({ status: "Running", errors: ['the host agent is gone: run "lima start web" to reattach'] });
  });

  test("no lima.yaml: Broken", async () => {
    rmSync(join(dir, FILES.config));
    expect(await statuses()).toEqual({ status: "Broken", errors: [`"${dir}" has no lima.yaml`] });
  });

  test.each([["no YAML", "a: [", `${FILES.config}:1:`], ["a bad value", `${YAML}vmType: 3\ncpus: two\n`, FILES.config]])("%s: an empty status, and where it is wrong", async (_name, text, where) => {
    writeFileSync(join(dir, FILES.config), text);
    const { status, errors } = await statuses();
    expect(status).toBe("");
    expect(errors.join()).toContain(where);
  });

  test("a bad configuration does not hide what runs", async () => {
    agentRuns();
    writeFileSync(join(dir, FILES.config), "a: [");
    expect((await inspectInstance(context(), drivers, "web")).live).toEqual({ agent: true, hostAgentPid: process.pid });
  });
});

test("inspectInstance() of nothing is an error", async () => {
  const error: unknown = await inspectInstance(context(), drivers, "nosuch").catch((e: unknown) => e);
  expect(String(error)).toContain('instance "nosuch" does not exist');
});

describe("instanceRecord()", () => {
  const host = { os: "linux", arch: "x86_64", home: "/h", identityFile: "/h/_config/user" };

  test("has the keys that scripts know, in their order", async () => {
    agentRuns();
    writeFileSync(join(dir, FILES.sshConfig), "Host lima-web\n  Port 60023\n");
    writeFileSync(join(dir, FILES.version), "0.1.0");
    writeFileSync(join(dir, FILES.protected), "");
    const record = instanceRecord(await inspectInstance(context(), drivers, "web"), host);
    expect(Object.keys(record)).toEqual([
      "name", "hostname", "status", "dir", "vmType", "arch", "cpus", "memory", "disk", "message", "sshLocalPort", "sshConfigFile", "hostAgentPID",
      "config", "sshAddress", "protected", "limaVersion", "HostOS", "HostArch", "LimaHome", "IdentityFile",
    ]);
    expect(record).toMatchObject({
      name: "web", hostname: "lima-web", status: "Running", dir, vmType: "qemu", arch: "x86_64", cpus: 3, memory: 2 * 1024 ** 3, disk: 20 * 1024 ** 3,
      message: "Hello from web\n", sshLocalPort: 60023, hostAgentPID: process.pid, sshAddress: "127.0.0.1", protected: true, limaVersion: "0.1.0",
    });
  });

  test("has no empty maps in the configuration", async () => {
    const { config } = instanceRecord(await inspectInstance(context(), drivers, "web"), host);
    expect(JSON.stringify(config)).not.toContain("{}");
  });

  test("of an unreadable one says so", async () => {
    writeFileSync(join(dir, FILES.config), "a: [");
    const record = instanceRecord(await inspectInstance(context(), drivers, "web"), host);
    expect(record).toMatchObject({ name: "web", status: "", vmType: "", arch: "", protected: false });
    expect(record["errors"]).toHaveLength(1);
    expect(record).not.toHaveProperty("config");
  });
});

describe("listInstances()", () => {
  const row = async () => (await listInstances(context(), drivers, ["web"]))[0];
  const cache = (): string => readFileSync(join(home, ".cache", new Bun.Glob("list-*.json").scanSync(join(home, ".cache")).next().value as string), "utf8");

  test("remembers a configuration until its text changes", async () => {
    expect(await row()).toMatchObject({ cpus: 3, memory: 2 * 1024 ** 3, disk: 20 * 1024 ** 3, vmType: "qemu", arch: "x86_64", ssh: "127.0.0.1:0" });
    const before = cache();
    expect(await row()).toMatchObject({ cpus: 3 });
    expect(cache()).toBe(before);
    writeFileSync(join(dir, FILES.config), YAML.replace("cpus: 3", "cpus: 4"));
    expect(await row()).toMatchObject({ cpus: 4 });
  });

  test("sees a change of override.yaml", async () => {
    await row();
    mkdirSync(join(home, "_config"));
    writeFileSync(join(home, "_config", "override.yaml"), "cpus: 8\n");
    expect(await row()).toMatchObject({ cpus: 8 });
  });

  test("takes a damaged cache for none", async () => {
    await row();
    for (const name of new Bun.Glob("list-*.json").scanSync(join(home, ".cache"))) writeFileSync(join(home, ".cache", name), '{"x":');
    expect(await row()).toMatchObject({ cpus: 3 });
  });
});

describe("loginShell()", () => {
  test("is the default without reading the configuration", async () => {
    writeFileSync(join(dir, FILES.config), "a: [");
    expect(await loginShell(context(), "web", dir)).toBe("/bin/bash");
  });
  test("is what the configuration says in any of its files, and the default is the configuration's too", async () => {
    expect((await inspectInstance(context(), drivers, "web")).config?.user.shell).toBe(await loginShell(context(), "web", dir));
    mkdirSync(join(home, "_config"));
    writeFileSync(join(home, "_config", "default.yaml"), "user: {shell: /bin/zsh}\n");
    expect(await loginShell(context(), "web", dir)).toBe("/bin/zsh");
    writeFileSync(join(dir, FILES.config), `${YAML}user:\n  shell: /bin/fish\n`);
    expect(await loginShell(context(), "web", dir)).toBe("/bin/fish");
  });
});
