import { describe, expect, test } from "bun:test";
import { existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { CliHome, lastMessage, TEMPLATE } from "../helpers/home.ts";

const mountSmall = (dir: string): boolean => Bun.spawnSync(["mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", dir]).exitCode === 0;

/** A small file system takes root, and a container that lets it mount. */
function canMount(): boolean {
  if (process.getuid?.() !== 0) return false;
  using home = new CliHome();
  mkdirSync(home.home);
  return mountSmall(home.home) && Bun.spawnSync(["umount", home.home]).exitCode === 0;
}

const left = (home: CliHome): string[] => (existsSync(home.home) ? readdirSync(home.home).filter((name) => name !== "_config") : []);

describe("what can be known to be wrong leaves nothing behind", () => {
  test.each([
    ["no YAML", "cpus: 2\nimages: [\n", /bad\.yaml:[23]:\d+: /],
    ["a key twice", "cpus: 2\ncpus: 3\n", /bad\.yaml:2:1: key "cpus" is given twice/],
    ["a value of the wrong kind", `${TEMPLATE}plain: perhaps\n`, /bad\.yaml:9:8: field "plain"/],
    ["no image", "cpus: 2\n", /bad\.yaml:.*images/],
  ])("%s", async (_name, text, message) => {
    using home = new CliHome();
    for (const verb of ["create", "start"]) {
      const { code, stdout, stderr } = await home.run([verb, home.file("bad.yaml", text)]);
      expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
      expect(lastMessage(stderr)).toMatch(message);
      expect(left(home)).toEqual([]);
    }
  });

  test("a template that is not there", async () => {
    using home = new CliHome();
    const { code, stderr } = await home.run(["create", "./nosuch.yaml"]);
    expect({ code, message: lastMessage(stderr) }).toEqual({ code: 1, message: `cannot read template "${home.root}/nosuch.yaml": no such file` });
  });

  test.each([
    ["x".repeat(77), "must not be longer than 76 characters"],
    ["a..b", "must be letters and digits with single dots, dashes or underscores between them"],
    ["my.yaml", "must not end with .yml or .yaml"],
    ["../up", "must be letters and digits"],
    ["", "must not be empty"],
  ])("the name %p", async (name, reason) => {
    using home = new CliHome();
    const { code, stderr } = await home.run(["create", `--name=${name}`, home.file("t.yaml", TEMPLATE)]);
    expect(code).toBe(1);
    expect(lastMessage(stderr)).toStartWith(`invalid instance name "${name}": ${reason}`);
    expect(left(home)).toEqual([]);
  });

  test("paths too long for any socket", async () => {
    using home = new CliHome();
    const deep = join(home.root, "d".repeat(100));
    mkdirSync(deep);
    const { code, stderr } = await home.run(["create", "--name=web", home.file("t.yaml", TEMPLATE)], { env: { LIMA_HOME: join(deep, "lima"), TMPDIR: deep, XDG_RUNTIME_DIR: deep } });
    expect(code).toBe(1);
    expect(lastMessage(stderr)).toMatch(/^cannot place socket .*\(set LIMA_HOME to a shorter path\)$/);
    expect(readdirSync(join(deep, "lima"))).toEqual([]);
  });

  test("a hypervisor that does not exist here", async () => {
    using home = new CliHome();
    const { code, stderr } = await home.run(["create", "--vm-type=nosuch", home.file("t.yaml", TEMPLATE)]);
    expect(code).toBe(1);
    expect(lastMessage(stderr)).toContain("nosuch");
    expect(left(home)).toEqual([]);
  });

  test("QEMU not installed: the message names the package", async () => {
    using home = new CliHome();
    const empty = join(home.root, "empty");
    mkdirSync(empty);
    const { code, stderr } = await home.run(["start", "--vm-type=qemu", home.file("t.yaml", TEMPLATE)], { env: { PATH: empty } });
    expect(code).toBe(1);
    expect(lastMessage(stderr)).toContain("qemu-system-");
    expect(lastMessage(stderr)).toContain("install");
    expect(left(home)).toEqual([]);
  });

  test.skipIf(!canMount())("no space on the disk", async () => {
    using home = new CliHome();
    mkdirSync(home.home);
    expect(mountSmall(home.home)).toBe(true);
    home.defer(() => { Bun.spawnSync(["umount", home.home]); });
    const { code, stderr } = await home.run(["create", "--name=web", home.file("t.yaml", TEMPLATE)]);
    expect(code).toBe(1);
    expect(lastMessage(stderr)).toMatch(/^cannot create instance "web": only 1[56].*MiB free in .*, at least 512MiB needed/);
    expect(left(home)).toEqual([]);
  });
});

describe("an existing name", () => {
  test("is an error, and the instance stays as it is", async () => {
    using home = new CliHome();
    const dir = home.instance("web", { "lima.yaml": `${TEMPLATE}# mine\n` });
    for (const args of [["create", "web"], ["create", "--name=web", home.file("t.yaml", TEMPLATE)], ["start", "--name=web", "./t.yaml"], ["start", home.file("web.yaml", TEMPLATE)]]) {
      const { code, stderr } = await home.run(args);
      expect({ args, code }).toEqual({ args, code: 1 });
      expect(lastMessage(stderr)).toStartWith('instance "web" already exists');
    }
    expect(readFileSync(join(dir, "lima.yaml"), "utf8")).toEndWith("# mine\n");
  });

  test("together with another --name is an error", async () => {
    using home = new CliHome();
    home.instance("web");
    expect(lastMessage((await home.run(["start", "web", "--name=other"])).stderr)).toBe('cannot use instance name "web" together with --name=other');
  });
});

describe("an instance whose image cannot be had", () => {
  test("is there with what the user asked for, and says how to go on", async () => {
    using home = new CliHome();
    const { code, stderr } = await home.run(["create", "--name=web", "--cpus=3", "--ssh-port=60099", home.file("t.yaml", `# a comment\n${TEMPLATE}`)]);
    expect(code).toBe(1);
    expect(stderr).toContain('\\"lima start web\\" goes on with it');
    const yaml = readFileSync(join(home.home, "web", "lima.yaml"), "utf8");
    expect(yaml).toStartWith("# a comment\n");
    expect(Bun.YAML.parse(yaml)).toMatchObject({ cpus: 3, ssh: { localPort: 60099 } });
    expect(left(home)).toEqual(["web"]);
    expect((await home.run(["list", "-f", "{{.Status}}", "web"])).stdout).toBe("Stopped\n");
  });

  test("two at once: one makes it, the other is told", async () => {
    using home = new CliHome();
    const template = home.file("t.yaml", TEMPLATE);
    const results = await Promise.all([1, 2, 3].map(() => home.run(["create", "--name=web", template])));
    expect(results.filter((r) => lastMessage(r.stderr).startsWith('instance "web" already exists'))).toHaveLength(2);
    expect(left(home)).toEqual(["web"]);
  });
});

test("what a killed create left is swept by the next", async () => {
  using home = new CliHome();
  home.instance(".web.tmp-4194399");
  await home.run(["create", "--name=other", home.file("t.yaml", TEMPLATE)]);
  expect(readdirSync(home.home)).not.toContain(".web.tmp-4194399");
});

test("--list-drivers and --list-templates print names", async () => {
  using home = new CliHome();
  expect((await home.run(["create", "--list-drivers"])).stdout).toBe("qemu\n");
  mkdirSync(join(home.home, "_templates", "_images"), { recursive: true });
  home.file("lima/_templates/mine.yaml", TEMPLATE);
  home.file("lima/_templates/_images/part.yaml", TEMPLATE);
  const names = (await home.run(["create", "--list-templates"])).stdout.split("\n");
  expect(names).toContain("mine");
  expect(names.join()).not.toContain("_images");
});

test("a template from stdin needs a name", async () => {
  using home = new CliHome();
  expect(lastMessage((await home.run(["create", "-"], { input: TEMPLATE })).stderr)).toBe("cannot read a template from stdin without --name");
  await home.run(["create", "--name=web", "-"], { input: TEMPLATE });
  expect(readFileSync(join(home.home, "web", "lima.yaml"), "utf8")).toBe(TEMPLATE);
});
