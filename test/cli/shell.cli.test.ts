import { describe, expect, test } from "bun:test";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { tryLock } from "../../lib/host/lock.ts";
import { processIdentity } from "../../lib/host/process.ts";
import { CliHome, lastMessage, TEMPLATE } from "../helpers/home.ts";

/** Runs the script, ssh's last argument, as sshd does: by the login shell, with next to nothing of the caller's environment. */
const SSH_LOCAL = `#!/bin/sh
for last; do :; done
case "$last" in -V) echo OpenSSH_9.2p1 >&2; exit 0;; esac
exec env -i PATH="$PATH" HOME=/ /bin/sh -c "$last"
`;
const SSH_SHOW = `#!/bin/sh
for last; do :; done
case "$last" in -V) echo OpenSSH_9.2p1 >&2; exit 0;; esac
printf '%s\\n' "$@"
`;

interface Guest {
  readonly home: CliHome;
  readonly run: (args: readonly string[], options?: Parameters<CliHome["run"]>[1]) => ReturnType<CliHome["run"]>;
}

/** An instance that looks as if it ran, with this process as its host agent, and a stand-in for ssh. */
function guest(ssh: string, yaml = TEMPLATE): Guest & Disposable {
  const home = new CliHome();
  const dir = home.instance("default", {
    "lima.yaml": yaml,
    "ssh.config": `Host lima-default\n  IdentityFile "${home.home}/_config/user"\n  User joe\n  ControlPath "${home.home}/default/ssh.sock"\n  Hostname 127.0.0.1\n  Port 60022\n`,
    "ssh.sock": "",
  });
  const lock = tryLock(join(dir, "ha.lock"));
  lock?.write(JSON.stringify(processIdentity()));
  home.defer(() => lock?.release());
  const PATH = `${home.program("ssh", ssh)}:${process.env["PATH"] ?? ""}`;
  return { home, run: (args, options) => home.run(args, { ...options, env: { PATH, ...options?.env } }), [Symbol.dispose]: () => home[Symbol.dispose]() };
}

test("the ssh command line", async () => {
  using g = guest(SSH_SHOW);
  const { code, stdout, stderr } = await g.run(["shell", "default", "uname", "-a"]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(stdout.trimEnd().split("\n")).toEqual([
    "-F", "/dev/null",
    "-o", `IdentityFile="${g.home.home}/_config/user"`, "-o", "User=joe", "-o", `ControlPath="${g.home.home}/default/ssh.sock"`,
    "-o", "LogLevel=ERROR", "-p", "60022", "127.0.0.1", "--", "false ; exec /bin/bash -l -c 'uname -a'",
  ]);
});

describe("what reaches the command", () => {
  test.each([["spaces", ["a b"]], ["quotes", ["it's", '"q"']], ["nothing expands", ["$HOME", "`id`", "*", "~"]], ["empty words", ["", "x", ""]], ["backslashes and line breaks", ["a\\b", "c\nd"]]])("%s", async (_name, words) => {
    using g = guest(SSH_LOCAL);
    const { stdout } = await g.run(["printf", "<%s>", ...words]);
    expect(stdout).toBe(words.map((w) => `<${w}>`).join(""));
  });

  test("leading assignments are its environment", async () => {
    using g = guest(SSH_LOCAL);
    expect((await g.run(["FOO=a b", "sh", "-c", "echo $FOO"])).stdout).toBe("a b\n");
  });

  test("bytes on stdin, unchanged", async () => {
    using g = guest(SSH_LOCAL);
    const bytes = new Uint8Array(300_000).map((_, i) => (i * 7 + (i >> 8)) & 0xff);
    const { stdout } = await g.run(["sha256sum"], { input: bytes });
    expect(stdout).toBe(`${new Bun.CryptoHasher("sha256").update(bytes).digest("hex")}  -\n`);
  });

  test("--preserve-env passes the host's variables, but those a guest has of its own", async () => {
    using g = guest(SSH_LOCAL);
    const { stdout } = await g.run(["shell", "--preserve-env", "default", "env"], { env: { MINE: "a 'b'", XDG_DATA_HOME: "/secret" } });
    expect(stdout).toContain("MINE=a 'b'\n");
    expect(stdout).not.toContain("/secret");
  });
});

test.each([0, 1, 7, 42, 255])("exit code %i passes through with nothing said", async (code) => {
  using g = guest(SSH_LOCAL);
  const ran = await g.run(["sh", "-c", `exit ${code}`]);
  expect({ code: ran.code, stdout: ran.stdout, stderr: ran.stderr }).toEqual({ code, stdout: "", stderr: "" });
});

describe("--workdir", () => {
  test("is where the command runs", async () => {
    using g = guest(SSH_LOCAL);
    expect((await g.run(["--workdir", "/usr/bin", "pwd"])).stdout).toBe("/usr/bin\n");
    expect((await g.run(["pwd"], { env: { LIMA_WORKDIR: "/usr" } })).stdout).toBe("/usr\n");
  });
  test("must exist", async () => {
    using g = guest(SSH_LOCAL);
    const { code, stdout } = await g.run(["shell", "--workdir=/no such", "default", "pwd"]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  });
});

describe("which words are the command", () => {
  test.each([
    [["shell", "default", "echo", "--help", "-x"], "--help -x"],
    [["shell", "default", "--", "echo", "--", "a"], "-- a"],
    [["--", "echo", "list"], "list"],
    [["echo", "--version"], "--version"],
  ])("%j", async (args, printed) => {
    using g = guest(SSH_LOCAL);
    expect((await g.run(args)).stdout).toBe(`${printed}\n`);
  });

  test("limactl takes no guest commands", async () => {
    using g = guest(SSH_LOCAL);
    const { code, stderr } = await g.run(["uname"], { bin: g.home.face("limactl") });
    expect(code).toBe(1);
    expect(lastMessage(stderr)).toStartWith('unknown command "uname" for "limactl"');
  });

  test("LIMA_INSTANCE names the instance", async () => {
    using g = guest(SSH_LOCAL);
    expect(lastMessage((await g.run(["uname"], { env: { LIMA_INSTANCE: "web" } })).stderr)).toStartWith('instance "web" does not exist');
  });
});

describe("the login shell", () => {
  test("is the configured one", async () => {
    using g = guest(SSH_SHOW, `${TEMPLATE}user:\n  shell: /bin/zsh\n`);
    expect((await g.run(["true"])).stdout).toEndWith("false ; exec /bin/zsh -l -c true\n");
  });
  test("--shell and LIMA_SHELL win", async () => {
    using g = guest(SSH_SHOW, `${TEMPLATE}user:\n  shell: /bin/zsh\n`);
    expect((await g.run(["true"], { env: { LIMA_SHELL: "/bin/dash" } })).stdout).toEndWith("exec /bin/dash -l -c true\n");
    expect((await g.run(["--shell=/bin/ash", "true"], { env: { LIMA_SHELL: "/bin/dash" } })).stdout).toEndWith("exec /bin/ash -l -c true\n");
  });
});

test("$SSH is the program with its arguments, COLORTERM is sent on", async () => {
  using g = guest(SSH_SHOW);
  const ssh = join(g.home.program("myssh", SSH_SHOW), "myssh");
  const { stdout } = await g.run(["true"], { env: { SSH: `${ssh} -v 'a b'`, COLORTERM: "" } });
  expect(stdout).toStartWith("-v\na b\n-F\n/dev/null\n");
  expect(stdout).toContain("\nSendEnv=COLORTERM\n");
});

test("a stopped instance is an error with the command that starts it", async () => {
  using home = new CliHome();
  home.instance("web");
  const { code, stderr } = await home.run(["shell", "web", "true"]);
  expect({ code, message: lastMessage(stderr) }).toEqual({ code: 1, message: 'instance "web" is stopped (run "lima start web" to start it)' });
});

test("NAME.lima runs the program of that name in its instance", async () => {
  using g = guest(SSH_SHOW);
  const bin = g.home.face("nerdctl.lima");
  expect((await g.run(["run", "--rm", "x"], { bin })).stdout).toMatch(/exec env .*\/bin\/bash -l -c 'nerdctl run --rm x'\n$/);
  expect((await g.run(["--version"], { bin })).stdout).toEndWith("'nerdctl --version'\n");
  const docker = g.home.face("docker.lima");
  expect(lastMessage((await g.run(["ps"], { bin: docker })).stderr)).toBe('instance "docker" does not exist (run "lima start template:docker" to create it)');
  expect((await g.run(["ps"], { bin: docker, env: { LIMA_INSTANCE: "default" } })).stdout).toEndWith("exec /bin/bash -l -c 'docker ps'\n");
});

test("docker.lima uses the host's docker once the guest's socket is there", async () => {
  using g = guest(SSH_SHOW);
  g.home.instance("default/sock", { "docker.sock": "" });
  const dir = g.home.program("docker", '#!/bin/sh\necho "$DOCKER_HOST" "$@"\n');
  const { stdout } = await g.run(["ps", "-a"], { bin: g.home.face("docker.lima"), env: { LIMA_INSTANCE: "default", PATH: `${dir}:${process.env["PATH"] ?? ""}` } });
  expect(stdout).toBe(`unix://${g.home.home}/default/sock/docker.sock ps -a\n`);
});

test("words that are verbs of Lima are run in the guest, with a warning", async () => {
  using g = guest(SSH_SHOW);
  const { stdout, stderr } = await g.run(["--", "start"]);
  expect(stdout).toEndWith("-c start\n");
  expect(lastMessage(stderr)).toStartWith('running "start" in the instance');
});

test("an ssh.config from before a stop is not used for what is stopped", async () => {
  using home = new CliHome();
  const dir = home.instance("web");
  writeFileSync(join(dir, "ssh.config"), "Host lima-web\n  Port 1\n");
  expect((await home.run(["shell", "web"])).code).toBe(1);
});
