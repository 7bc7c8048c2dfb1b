import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { truncateSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { GuestHome, until } from "../helpers/guest.ts";

// Boots that cannot succeed, and what the user is told. None may take anywhere near the ten minutes of a time-out.
setDefaultTimeout(400_000);

let home: GuestHome;
beforeAll(async () => { home = await GuestHome.make(); });
afterAll(async () => { await home.remove(); });

const IMAGE = `images:
- location: debian:trixie
  arch: x86_64
- location: debian:trixie
  arch: aarch64
cpus: 2
memory: 1GiB
disk: 8GiB
`;

async function create(name: string, text: string): Promise<void> {
  const file = join(home.home, `${name}.yaml`);
  writeFileSync(file, text);
  await home.ok(["create", "--name", name, file]);
}

/** The last line of the log: what the command leaves on the screen. */
const lastLine = (stderr: string): string => stderr.trim().split("\n").at(-1) ?? "";

test("a kernel panic ends start at once, with the cause, and the instance is stopped", async () => {
  await create("panic", IMAGE);
  writeFileSync(join(home.home, "panic", "kernel.cmdline"), `${home.file("panic", "kernel.cmdline").trim()} init=/bin/false`);
  const ran = await home.run(["start", "panic"]);
  expect(ran.code).toBe(1);
  expect(lastLine(ran.stderr)).toContain("the guest kernel panicked");
  expect(lastLine(ran.stderr)).toContain("serial.log");
  expect(ran.ms).toBeLessThan(120_000);
  expect((await home.inspect("panic")).status).toBe("Stopped");
  process.stderr.write(`kernel panic told after ${Math.round(ran.ms)} ms\n`);
});

test("a root device that is not there is told as that", async () => {
  writeFileSync(join(home.home, "panic", "kernel.cmdline"), "root=/dev/vdz rw console=ttyS0");
  const ran = await home.run(["start", "panic"]);
  expect(ran.code).toBe(1);
  expect(lastLine(ran.stderr)).toMatch(/no root (device|file system)/);
  await home.ok(["delete", "panic"]);
});

test("a disk with nothing to boot on it is told as that", async () => {
  const image = join(home.home, "empty.raw");
  writeFileSync(image, "");
  truncateSync(image, 64 * 1024 ** 2);
  await create("empty", `images:\n- location: ${image}\n  arch: ${process.arch === "arm64" ? "aarch64" : "x86_64"}\ncpus: 1\nmemory: 512MiB\ndisk: 1GiB\n`);
  const ran = await home.run(["start", "empty"]);
  expect(ran.code).toBe(1);
  expect(lastLine(ran.stderr)).toContain("nothing to boot");
  process.stderr.write(`nothing to boot told after ${Math.round(ran.ms)} ms\n`);
  await home.ok(["delete", "empty"]);
});

test("an ssh port that is taken is an error with the owner's name, before anything boots", async () => {
  await create("port", IMAGE);
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as AddressInfo;
  const ran = await home.run(["start", "--ssh-port", String(port), "port"]);
  server.close();
  expect(ran.code).toBe(1);
  expect(lastLine(ran.stderr)).toContain(`ssh port ${port}`);
  expect(lastLine(ran.stderr)).toContain(`pid ${process.pid}`);
  expect((await home.inspect("port")).status).toBe("Stopped");
});

test("Ctrl-C during the boot stops what was begun", async () => {
  const child = home.spawn(["start", "--ssh-port", "0", "port"]);
  await until(async () => (await home.inspect("port")).driverPID, (pid) => pid !== undefined, 60_000);
  const interrupted = performance.now();
  child.kill("SIGINT");
  const stderr = await new Response(child.stderr).text();
  expect(await child.exited).toBe(130);
  expect(stderr).toContain("interrupted");
  expect(performance.now() - interrupted).toBeLessThan(20_000);
  expect(await home.inspect("port")).toMatchObject({ status: "Stopped" });
  expect((await home.inspect("port")).driverPID).toBeUndefined();
  await home.ok(["delete", "port"]);
});

test("provisioning runs as configured; a script that fails is named, and the guest stays up", async () => {
  await create("prov", `${IMAGE}
env:
  GREETING: "hello world"
param:
  WORD: forty-two
provision:
- mode: system
  script: |
    #!/bin/sh
    echo "system $PARAM_WORD $(id -un)" > /etc/prov-system
- mode: user
  script: |
    #!/bin/bash
    echo "user $PARAM_WORD $(id -un) $GREETING" > ~/prov-user
- mode: data
  path: /etc/prov-data
  permissions: "600"
  content: |
    data {{.Param.WORD}} {{.Name}}
- mode: system
  script: |
    #!/bin/sh
    echo "cannot find the thing" >&2
    exit 3
probes:
- description: parameters reach probes
  script: |
    #!/bin/sh
    test -e /etc/prov-system && test "$PARAM_WORD" = forty-two
`);
  const ran = await home.run(["start", "prov"]);
  expect(ran.code).toBe(1);
  expect(lastLine(ran.stderr)).toContain("provision script failed");
  expect(lastLine(ran.stderr)).toContain("exit=3");
  expect(lastLine(ran.stderr)).toContain("cannot find the thing");
  expect((await home.inspect("prov")).status).toBe("Running");
  const show = (command: string): Promise<string> => home.ok(["shell", "prov", "sh", "-c", command]);
  expect(await show("cat /etc/prov-system")).toBe("system forty-two root\n");
  expect(await show("cat ~/prov-user")).toMatch(/^user forty-two \S+ hello world\n$/);
  expect(await show("sudo cat /etc/prov-data")).toBe("data forty-two prov\n");
  expect(await show("stat -c '%a %U' /etc/prov-data")).toBe("600 root\n");
  expect(await show('echo "$GREETING"')).toBe("hello world\n");
  await home.ok(["stop", "prov"]);
  await home.ok(["delete", "prov"]);
});
