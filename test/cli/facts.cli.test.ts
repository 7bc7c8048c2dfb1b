import { describe, expect, test } from "bun:test";
import { version } from "../../package.json" with { type: "json" };
import { CliHome, lastMessage, TEMPLATE } from "../helpers/home.ts";

describe("validate", () => {
  test("says OK of a good template, and that on stderr", async () => {
    using home = new CliHome();
    const { code, stdout, stderr } = await home.run(["validate", home.file("t.yaml", TEMPLATE)]);
    expect({ code, stdout, message: lastMessage(stderr) }).toEqual({ code: 0, stdout: "", message: `"${home.root}/t.yaml": OK` });
  });

  test("--fill prints the defaults", async () => {
    using home = new CliHome();
    const { stdout } = await home.run(["validate", "--fill", home.file("t.yaml", TEMPLATE)]);
    expect(Bun.YAML.parse(stdout)).toMatchObject({ cpus: 2, plain: false, vmType: "qemu", user: { shell: "/bin/bash" } });
  });

  test("ends at the first bad one, with line and column", async () => {
    using home = new CliHome();
    const bad = home.file("bad.yaml", "images:\n- location: /x\n  arch: z80\n");
    const { code, stderr } = await home.run(["validate", home.file("t.yaml", TEMPLATE), bad, "./nosuch.yaml"]);
    expect(code).toBe(1);
    expect(stderr).toContain("OK");
    expect(lastMessage(stderr)).toStartWith(`${bad}:3:9: `);
    expect(stderr).not.toContain("nosuch");
  });

  test("does not take stdin, which has no name", async () => {
    using home = new CliHome();
    expect((await home.run(["validate", "-"], { input: TEMPLATE })).code).toBe(1);
  });
});

test("info is one JSON object about this installation", async () => {
  using home = new CliHome();
  const { code, stdout } = await home.run(["info"]);
  expect(code).toBe(0);
  const info = JSON.parse(stdout) as Record<string, unknown>;
  expect(Object.keys(info)).toEqual([
    "version", "templates", "defaultTemplate", "limaHome", "vmTypes", "vmTypesEx", "guestAgents", "shellEnvBlock", "hostOS", "hostArch", "identityFile", "plugins", "libexecPaths", "sharePaths",
  ]);
  expect(info).toMatchObject({ version, limaHome: home.home, vmTypes: ["qemu"], vmTypesEx: { qemu: { location: "internal" } }, hostOS: "linux", identityFile: `${home.home}/_config/user` });
  expect((info["templates"] as { name: string }[]).map((t) => t.name)).toContain("default");
});

describe("show-ssh", () => {
  const ready = (): CliHome => {
    const home = new CliHome();
    home.instance("_config", { user: "", "user.pub": "" });
    home.instance("web", { "lima.yaml": `${TEMPLATE}user: {name: joe}\nssh: {localPort: 60077}\n` });
    return home;
  };

  test("works on a stopped instance, in every form", async () => {
    using home = ready();
    const options = (await home.run(["show-ssh", "--format=options", "web"])).stdout.trimEnd().split("\n");
    expect(options[0]).toBe(`IdentityFile="${home.home}/_config/user"`);
    for (const option of ["StrictHostKeyChecking=no", "User=joe", "ControlMaster=auto", "Hostname=127.0.0.1"]) expect(options).toContain(option);
    expect(options.at(-1)).toBe("Port=60077");
    const args = (await home.run(["show-ssh", "--format=args", "web"])).stdout;
    expect(args).toStartWith(`-o 'IdentityFile="${home.home}/_config/user"' -o StrictHostKeyChecking=no`);
    expect((await home.run(["show-ssh", "web"])).stdout).toBe(`ssh ${args.trimEnd()} lima-web\n`);
    expect((await home.run(["show-ssh", "-f", "config", "web"])).stdout).toStartWith(`Host lima-web\n  IdentityFile "${home.home}/_config/user"\n`);
  });

  test("its config is one that ssh understands", async () => {
    using home = ready();
    if (Bun.which("ssh") === null) return;
    const { stdout } = await home.run(["show-ssh", "--format=config", "web"]);
    const seen = Bun.spawnSync(["ssh", "-G", "-F", home.file("ssh.config", stdout), "lima-web"]);
    expect(seen.stdout.toString()).toMatch(/^port 60077$/m);
    expect(seen.stdout.toString()).toMatch(/^hostname 127\.0\.0\.1$/m);
  });

  test("says what is missing", async () => {
    using home = new CliHome();
    home.instance("web");
    home.instance("bad", { "lima.yaml": "a: [" });
    expect(lastMessage((await home.run(["show-ssh", "web"])).stderr)).toStartWith("cannot show ssh options: ");
    expect(lastMessage((await home.run(["show-ssh", "bad"])).stderr)).toStartWith('cannot show ssh options of instance "bad": ');
    expect(lastMessage((await home.run(["show-ssh", "--format=x", "web"])).stderr)).toStartWith('invalid argument "x" for "--format" flag');
  });
});
