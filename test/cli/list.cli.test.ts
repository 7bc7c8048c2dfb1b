import { describe, expect, test } from "bun:test";
import { CliHome, lastMessage, TEMPLATE } from "../helpers/home.ts";

/** One good, one with bad YAML, one without any. */
function threeKinds(): CliHome {
  const home = new CliHome();
  home.instance("good", { "lima.yaml": TEMPLATE, "lima-version": "0.1.0", "ssh.config": "Host lima-good\n  Port 60022\n" });
  home.instance("unreadable", { "lima.yaml": "cpus: 2\nimages: [\n" });
  home.instance("empty", {});
  return home;
}

describe("the table", () => {
  test("has every instance, whatever state it is in", async () => {
    using home = threeKinds();
    const { code, stdout, stderr } = await home.run(["list"]);
    expect(code).toBe(0);
    expect(stdout.split("\n").map((line) => line.split(/ {2,}/))).toEqual([
      ["NAME", "STATUS", "SSH", "VMTYPE", "ARCH", "CPUS", "MEMORY", "DISK", "DIR"],
      ["empty", "Broken", ":0", "0", "0B", "0B", `${home.home}/empty`],
      ["good", "Stopped", "127.0.0.1:60022", "qemu", process.arch === "arm64" ? "aarch64" : "x86_64", "2", "2GiB", "10GiB", `${home.home}/good`],
      ["unreadable", ":0", "0", "0B", "0B", `${home.home}/unreadable`],
      [""],
    ]);
    // What is wrong with them, with line and column.
    expect(stderr).toContain('instance \\"empty\\" has errors');
    expect(stderr).toMatch(/lima\.yaml:[23]:\d+: /);
  });

  test("does not change while nothing else does", async () => {
    using home = threeKinds();
    const first = await home.run(["list"]);
    const { stdout, stderr } = await home.run(["list"]);
    expect(stdout).toBe(first.stdout);
    expect(stderr.split("\n")).toHaveLength(first.stderr.split("\n").length);
  });

  test("writes nothing into the home", async () => {
    using home = new CliHome();
    await home.run(["list"]);
    expect(await Bun.file(home.home).exists()).toBe(false);
  });
});

test("-q has the names only, sorted, and looks at nothing", async () => {
  using home = threeKinds();
  const { code, stdout, stderr } = await home.run(["list", "-q"]);
  expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: "empty\ngood\nunreadable\n", stderr: "" });
});

test("--json has one object a line, with strings for errors", async () => {
  using home = threeKinds();
  const { code, stdout } = await home.run(["list", "--json"]);
  expect(code).toBe(0);
  const [empty, good, unreadable] = stdout.trim().split("\n").map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(empty).toMatchObject({ name: "empty", status: "Broken" });
  expect(good).toMatchObject({ name: "good", hostname: "lima-good", status: "Stopped", vmType: "qemu", cpus: 2, memory: 2 * 1024 ** 3, disk: 10 * 1024 ** 3, sshLocalPort: 60022, sshAddress: "127.0.0.1", protected: false, limaVersion: "0.1.0", LimaHome: home.home });
  expect(unreadable).toMatchObject({ name: "unreadable", status: "", errors: [expect.stringContaining("lima.yaml:")] });
});

test("--format yaml has a document an instance", async () => {
  using home = threeKinds();
  const { stdout } = await home.run(["list", "--format", "yaml", "good", "empty"]);
  const [good, empty] = stdout.split("---\n").map((text) => Bun.YAML.parse(text) as Record<string, unknown>);
  expect(good).toMatchObject({ name: "good", status: "Stopped", cpus: 2 });
  expect(empty).toMatchObject({ name: "empty", status: "Broken" });
});

test("--format takes a template", async () => {
  using home = threeKinds();
  expect((await home.run(["list", "-f", "{{.Name}}={{.Status}} {{.SSHLocalPort}}", "good"])).stdout).toBe("good=Stopped 60022\n");
  expect(JSON.parse((await home.run(["list", "-f", "{{json .}}", "good"])).stdout)).toMatchObject({ name: "good" });
  const unknown = await home.run(["list", "-f", "{{.Nope}}", "good"]);
  expect({ code: unknown.code, message: lastMessage(unknown.stderr) }).toEqual({ code: 1, message: "cannot fill in template: line 1, column 3: can't evaluate field Nope" });
  expect((await home.run(["list", "-f", "{{range .Errors}}", "good"])).code).toBe(1);
  const running = `{{if eq .Status "Running"}}up{{else}}{{.Name | printf "%-6s|"}}{{end}}{{range .Config.Images}} {{.Arch}}{{end}}`;
  expect((await home.run(["list", "-f", running, "good"])).stdout).toMatch(/^good {2}\|(?: \w+)+\n$/);
  expect((await home.run(["list", "-f", '{{.Status | missing "unknown"}}{{with .Config.CPUs}} {{.}}{{end}}', "unreadable", "empty"])).stdout).toBe("unknown\nBroken\n");
  expect((await home.run(["list", "-f", "{{yaml .Param | indent 2}}", "good"])).stdout).toStartWith("  ---\n");
});

test("names are printed in the order asked for; unknown ones fail after the others", async () => {
  using home = threeKinds();
  const { code, stdout, stderr } = await home.run(["list", "-q", "unreadable", "nosuch", "good"]);
  expect({ code, stdout, message: lastMessage(stderr) }).toEqual({ code: 1, stdout: "unreadable\ngood\n", message: "unmatched instances" });
  expect(stderr).toContain('no instance matching \\"nosuch\\" found');
});

test("no instance at all is a warning, also for --json", async () => {
  using home = new CliHome();
  for (const args of [["list"], ["list", "--json"]]) {
    const { code, stdout, stderr } = await home.run(args);
    expect({ code, stdout }).toEqual({ code: 0, stdout: "" });
    expect(lastMessage(stderr)).toStartWith("no instance found");
  }
});

test("directories and files that cannot be instances are not listed", async () => {
  using home = threeKinds();
  for (const name of ["_config", ".hidden", "not a name"]) home.instance(name, {});
  home.file("lima/file", "");
  expect((await home.run(["list", "-q"])).stdout).toBe("empty\ngood\nunreadable\n");
});
