import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { copyFileSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
// A killed child of a killed parent may stay a zombie for as long as init likes: that is not alive.
import { processAlive } from "../../lib/host/process.ts";
import { ask, GuestHome, LIMA, until } from "../helpers/guest.ts";

// The whole life of one instance; the tests build on each other, because a boot takes the better part of a minute.
setDefaultTimeout(600_000);

let home: GuestHome;
beforeAll(async () => { home = await GuestHome.make(); });
afterAll(async () => { await home.remove(); });

const guest = (...words: string[]): Promise<string> => home.ok(["shell", "default", ...words]);
const bootId = (): Promise<string> => guest("cat", "/proc/sys/kernel/random/boot_id");

test("start creates the default instance, says what it does and ends ready", async () => {
  const ran = await home.run(["start", "--cpus=2", "--memory=2", "--disk=12"]);
  expect(ran.code, ran.stderr + home.logs("default")).toBe(0);
  expect(ran.stdout).toBe("");
  expect(ran.stderr).toContain("READY");
  // Each stage as a line; the accelerator with its reason where it is not kvm.
  for (const stage of ["the kernel is booting", "the boot scripts are done", "the guest agent is running"]) expect(ran.stderr).toContain(stage);
  process.stderr.write(`first start: ${Math.round(ran.ms)} ms\n`);
});

test("everything that belongs in an instance directory is there", () => {
  for (const file of ["lima.yaml", "lima-version", "cloud-config.yaml", "cidata.iso", "basedisk", "diffdisk", "ssh.config", "ssh.sock", "serial.log", "serialv.log", "qemu.pid", "qmp.sock", "ga.sock", "ha.pid", "ha.sock", "ha.stdout.log", "ha.stderr.log"]) {
    expect(existsSync(join(home.home, "default", file)), file).toBe(true);
  }
  const events = home.file("default", "ha.stdout.log").trim().split("\n").map((line) => JSON.parse(line) as { time: string; status: { running?: boolean; sshLocalPort?: number } });
  expect(events.at(-1)?.status.running ?? events.some((e) => e.status.running)).toBe(true);
  expect(events.every((e) => !Number.isNaN(Date.parse(e.time)))).toBe(true);
});

test("both faces run commands in the guest", async () => {
  expect(await home.ok(["uname", "-s"])).toBe("Linux\n");
  expect(await home.ok(["shell", "default", "uname", "-s"])).toBe("Linux\n");
  expect((await home.run(["--", "sh", "-c", "exit 42"])).code).toBe(42);
  expect((await home.run(["shell", "default", "sh", "-c", "echo out; echo err >&2; exit 7"]))).toMatchObject({ code: 7, stdout: "out\n", stderr: "err\n" });
  expect(await home.ok(["shell", "--workdir", "/usr", "default", "pwd"])).toBe("/usr\n");
  expect(await guest("printf", "%s|", "a b", "it's", '"q"', "$HOME", "*")).toBe(`a b|it's|"q"|$HOME|*|`);
});

test("stdin and stdout are binary-clean", async () => {
  const bytes = crypto.getRandomValues(new Uint8Array(300_000).subarray(0, 65_536));
  const all = new Uint8Array(bytes.length * 4);
  for (let i = 0; i < 4; i++) all.set(bytes, i * bytes.length);
  const child = home.spawn(["shell", "default", "cat"], { input: all });
  const back = new Uint8Array(await new Response(child.stdout).arrayBuffer());
  expect(await child.exited).toBe(0);
  expect(Buffer.compare(Buffer.from(back), Buffer.from(all))).toBe(0);
});

test("a terminal is a terminal in the guest, and its exit code comes back", async () => {
  // script(1) gives lima a pty, as a person's terminal would.
  const child = Bun.spawn(["script", "-qec", `${LIMA} shell default sh -c 'tty; exit 5'`, "/dev/null"], { env: { ...process.env, LIMA_HOME: home.home, TERM: "xterm" }, stdin: "ignore", stdout: "pipe" });
  expect(await new Response(child.stdout).text()).toContain("/dev/pts/");
  expect(await child.exited).toBe(5);
});

test("the guest is set up as configured", async () => {
  expect(await guest("hostname")).toBe("lima-default\n");
  expect((await guest("nproc")).trim()).toBe("2");
  expect(await guest("sudo", "-n", "id", "-u")).toBe("0\n");
  expect(await guest("sudo", "cat", "/run/lima-boot-done")).toMatch(/^iid-/);
  expect(await guest("findmnt", "-no", "LABEL,FSTYPE", "/mnt/lima-cidata")).toMatch(/cidata\s+iso9660/);
  // The root file system has grown to the configured size.
  expect(Number((await guest("df", "--output=size", "-BG", "/")).split("\n")[1]?.replace("G", ""))).toBeGreaterThanOrEqual(11);
  expect(await guest("systemctl", "is-active", "lima-guestagent.service")).toBe("active\n");
});

test("ssh -F ssh.config works without lima", async () => {
  const child = Bun.spawn(["ssh", "-F", join(home.home, "default", "ssh.config"), "lima-default", "echo", "hi"], { stdin: "ignore", stdout: "pipe" });
  expect(await new Response(child.stdout).text()).toBe("hi\n");
});

test("a host without OpenSSH uses the built-in client", async () => {
  const without = { env: { SSH: "/nonexistent/ssh" } };
  const bytes = crypto.getRandomValues(new Uint8Array(65_536));
  const child = home.spawn(["shell", "default", "cat"], { input: bytes, ...without });
  expect(Buffer.compare(Buffer.from(await new Response(child.stdout).arrayBuffer()), Buffer.from(bytes))).toBe(0);
  expect((await home.run(["shell", "default", "sh", "-c", "echo out; echo err >&2; exit 9"], without))).toMatchObject({ code: 9, stdout: "out\n", stderr: "err\n" });
});

const SERVER = (ip: string, port: number): string => `import socket
s = socket.socket(); s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1); s.bind(("${ip}", ${port})); s.listen()
while True:
    c, _ = s.accept(); data = b""
    while True:
        d = c.recv(65536)
        if not d: break
        data += d
    c.sendall(b"got " + str(len(data)).encode()); c.close()
`;

async function serve(ip: string, port: number): Promise<void> {
  await home.ok(["shell", "default", "sh", "-c", `cat >/tmp/server-${port}.py && setsid -f python3 /tmp/server-${port}.py >/dev/null 2>&1`], { input: SERVER(ip, port) });
}

test.each([["127.0.0.1", 18_080], ["0.0.0.0", 18_081]])("a server on %s:%i in the guest is on the host's 127.0.0.1, and goes again", async (ip, port) => {
  expect(await ask(port)).toBe("ECONNREFUSED");
  await serve(ip, port);
  expect(await until(() => ask(port, "x".repeat(100_000)), (a) => a === "got 100000")).toBe("got 100000");
  await home.run(["shell", "default", "pkill", "-f", `/tmp/server-${port}`]);
  await until(() => ask(port), (a) => a === "ECONNREFUSED");
});

test("starting it again changes nothing", async () => {
  const before = await bootId();
  const ran = await home.run(["start"]);
  expect(ran.code).toBe(0);
  expect(ran.stderr).toContain("already running");
  expect(await bootId()).toBe(before);
});

test("host agent killed: the VM lives, list says so, start takes it over without a reboot", async () => {
  const before = await bootId();
  await serve("127.0.0.1", 18_082);
  await until(() => ask(18_082, "x"), (a) => a === "got 1");
  const { hostAgentPID, driverPID } = await home.inspect("default");
  process.kill(hostAgentPID ?? 0, "SIGKILL");
  const orphan = await until(() => home.inspect("default"), (i) => i.hostAgentPID === undefined);
  expect(orphan).toMatchObject({ status: "Running", driverPID });
  expect(orphan.errors?.[0]).toContain("the host agent is gone");
  expect(await guest("echo", "still here")).toBe("still here\n");
  await home.ok(["start"]);
  expect(await home.inspect("default")).toMatchObject({ status: "Running", driverPID });
  expect(await bootId()).toBe(before);
  // The forward is back although nothing changed in the guest.
  await until(() => ask(18_082, "xy"), (a) => a === "got 2");
});

test("stop powers the guest down and leaves nothing running", async () => {
  await guest("sh", "-c", "echo kept > ~/kept; sync");
  const { driverPID } = await home.inspect("default");
  const ran = await home.run(["stop"]);
  expect(ran.code, ran.stderr).toBe(0);
  process.stderr.write(`stop: ${Math.round(ran.ms)} ms\n`);
  expect((await home.inspect("default")).status).toBe("Stopped");
  expect(processAlive(driverPID ?? 0)).toBe(false);
  expect(home.file("default", "ha.stdout.log").trim().split("\n").at(-1)).toContain('"exiting":true');
  // Powered down by the guest, not killed.
  expect(home.file("default", "ha.stderr.log")).toContain("the guest has powered down");
  expect((await home.run(["stop"])).code).toBe(1);
});

test("two starts at once: one boots, the other waits; the second boot keeps what was written", async () => {
  const [one, two] = await Promise.all([home.run(["start"]), home.run(["start"])]);
  expect([one.code, two.code], one.stderr + two.stderr).toEqual([0, 0]);
  expect([one, two].filter((r) => r.stderr.includes("waiting for another command")).length).toBe(1);
  process.stderr.write(`second start: ${Math.round(Math.min(one.ms, two.ms))} ms\n`);
  expect(await guest("sh", "-c", "cat ~/kept")).toBe("kept\n");
});

test("host agent killed: stop still powers the guest down in order", async () => {
  await guest("sh", "-c", "echo synced > ~/synced; sync");
  const { hostAgentPID } = await home.inspect("default");
  process.kill(hostAgentPID ?? 0, "SIGKILL");
  await until(() => home.inspect("default"), (i) => i.hostAgentPID === undefined);
  await home.ok(["stop"]);
  expect((await home.inspect("default")).status).toBe("Stopped");
});

test("the executable alone in an empty directory starts it too; a killed QEMU is a stopped instance", async () => {
  const dir = mkdtempSync(join(tmpdir(), "lima-single-"));
  try {
    const bin = join(dir, "lima");
    copyFileSync(LIMA, bin);
    const alone = { bin, env: { PATH: `${dir}:${process.env["PATH"] ?? ""}` } };
    await home.ok(["start"], alone);
    expect(await home.ok(["cat", "/proc/sys/kernel/ostype"], alone)).toBe("Linux\n");
    expect((await guest("sh", "-c", "cat ~/synced"))).toBe("synced\n");
  } finally {
    rmSync(dir, { recursive: true });
  }
  const { driverPID, hostAgentPID } = await home.inspect("default");
  process.kill(driverPID ?? 0, "SIGKILL");
  await until(() => home.inspect("default"), (i) => i.status === "Stopped");
  await until(() => processAlive(hostAgentPID ?? 0), (alive) => !alive);
  expect(home.file("default", "ha.stdout.log")).toContain("the VM was killed by SIGKILL");
});

test("restart boots what was killed; delete asks for a stop first", async () => {
  const ran = await home.run(["restart"]);
  expect(ran.code, ran.stderr).toBe(0);
  expect(await guest("sh", "-c", "cat ~/kept")).toBe("kept\n");
  const refused = await home.run(["delete", "default"]);
  expect(refused.code).toBe(1);
  expect(refused.stderr).toContain("Running");
});

test("host agent and QEMU killed: delete needs no force", async () => {
  const { driverPID, hostAgentPID } = await home.inspect("default");
  process.kill(hostAgentPID ?? 0, "SIGKILL");
  process.kill(driverPID ?? 0, "SIGKILL");
  await until(() => home.inspect("default"), (i) => i.status === "Stopped");
  await home.ok(["delete", "default"]);
  expect(existsSync(join(home.home, "default"))).toBe(false);
  expect(await home.ok(["list", "-q"])).toBe("");
});
