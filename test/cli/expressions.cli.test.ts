import { describe, expect, test } from "bun:test";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { CliHome, lastMessage, TEMPLATE } from "../helpers/home.ts";

function twoInstances(): CliHome {
  const home = new CliHome();
  home.instance("big", { "lima.yaml": TEMPLATE.replace("cpus: 2", "cpus: 8"), "lima-version": "0.1.0" });
  home.instance("small", { "lima.yaml": TEMPLATE, "lima-version": "0.1.0" });
  home.instance("empty", {});
  return home;
}

describe("list --filter", () => {
  test.each<[filters: string[], names: string]>([
    [[".cpus > 2"], "big"],
    [['.status == "Stopped"', ".cpus < 4"], "small"],
    [['.name == "*m*"'], "empty small"],
    [[".config.images | length > 1"], "big small"],
    [[".HostOS != null"], ""],
    [["."], "big empty small"],
  ])("%j", async (filters, names) => {
    using home = twoInstances();
    const { code, stdout } = await home.run(["list", "-q", ...filters.flatMap((filter) => ["-l", filter])]);
    expect({ code, names: stdout.trim().split("\n").join(" ") }).toEqual({ code: 0, names });
  });

  test("works with every format", async () => {
    using home = twoInstances();
    const filter = ["--filter", ".cpus == 8"];
    expect((await home.run(["list", ...filter])).stdout.trim().split("\n").slice(1).map((line) => line.split(" ")[0])).toEqual(["big"]);
    expect(JSON.parse((await home.run(["list", "--json", ...filter])).stdout)).toMatchObject({ name: "big", cpus: 8 });
    expect((await home.run(["list", "-f", "{{.Name}}", ...filter])).stdout).toBe("big\n");
    expect((await home.run(["list", "--format=yaml", ...filter])).stdout).toStartWith("name: big\n");
  });
});

describe("list --yq", () => {
  test.each<[args: string[], output: string]>([
    [["--yq", ".name"], "big\nempty\nsmall\n"],
    [["--yq", "select(.cpus == 2)", "--yq", "{\"n\": .name, \"c\": .cpus}"], '{"n":"small","c":2}\n'],
    [["--yq", ".config.images[].arch", "small"], "x86_64\naarch64\n"],
    [["--yq", ".cpus // 0", "--format=yaml"], "8\n---\n0\n---\n2\n"],
    [["-q", "--yq", "select(.cpus)"], "big\nsmall\n"],
    [["--json", "--yq", ".HostOS", "--filter", ".cpus == 8"], "linux\n"],
    [["--yq", "[.cpus, .nope]", "small"], "[2,null]\n"],
  ])("%j", async (args, output) => {
    using home = twoInstances();
    const { code, stdout } = await home.run(["list", ...args]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: output });
  });

  test.each<[args: string[], message: string]>([
    [["--yq", ".a ="], 'invalid expression ".a =": expected a value before the end (character 5)'],
    [["--filter", "frob"], 'invalid expression "frob": unknown function "frob" (character 1)'],
    [["--yq", "env(HOME)"], 'invalid expression "env(HOME)": env operations have been disabled (character 1)'],
    [["--filter", 'load("/etc/passwd")'], 'invalid expression "load(\\"/etc/passwd\\")": file operations have been disabled (character 1)'],
    [["--list-fields", "--yq", "."], "cannot use --list-fields together with --yq"],
    [["--list-fields", "--filter", "."], "cannot use --list-fields together with --filter"],
  ])("%j fails", async (args, message) => {
    using home = twoInstances();
    const { code, stdout, stderr } = await home.run(["list", ...args]);
    expect({ code, stdout, message: lastMessage(stderr) }).toEqual({ code: 1, stdout: "", message });
  });
});

test("info --yq", async () => {
  using home = new CliHome();
  expect((await home.run(["info", "--yq", ".limaHome"])).stdout).toBe(`${home.home}\n`);
  expect(JSON.parse((await home.run(["info", "--yq", "{\"types\": .vmTypes}"])).stdout)).toEqual({ types: ["qemu"] });
});

describe("--set", () => {
  const file = (home: CliHome): string => readFileSync(join(home.home, "web", "lima.yaml"), "utf8");

  test("changes what a new instance is made from, comments stay", async () => {
    using home = new CliHome();
    // The image does not exist: the instance is made and waits for it.
    await home.run(["create", "--name=web", "--cpus=3", "--disk=20", "--set", '.cpus += 1 | .disk = "5GiB"', "--set", '.env.A = "yes"', home.file("t.yaml", `# mine\n${TEMPLATE.replace("cpus: 2", "cpus: 2  # few")}`)]);
    expect(file(home)).toBe(`# mine\n${TEMPLATE.replace("cpus: 2", "cpus: 4  # few").replace("10GiB", "20GiB")}env:\n  A: yes\n`);
  });

  test("changes an existing instance when it is started", async () => {
    using home = new CliHome();
    home.instance("web", { "lima.yaml": `# mine\n${TEMPLATE}`, "lima-version": "0.1.0" });
    await home.run(["start", "web", "--set", "del(.images[1])"]);
    expect(file(home)).toBe(`# mine\n${TEMPLATE.replace("- location: /nonexistent/image.qcow2\n  arch: aarch64\n", "")}`);
  });

  test.each([
    [".cpus = ", 'while processing flag "set": invalid expression ".cpus = ": expected a value before the end (character 9)'],
    ['.env.A = strenv(HOME)', 'while processing flag "set": invalid expression ".env.A = strenv(HOME)": env operations have been disabled (character 10)'],
    [".cpus", 'while processing flag "set": expression ".cpus" must give a map (changes are written like ".cpus = 2 | .plain = true")'],
    ['.cpus = "many"', 'field "cpus"'],
  ])("%s changes nothing", async (expression, message) => {
    using home = new CliHome();
    const template = home.file("t.yaml", TEMPLATE);
    const created = await home.run(["create", "--name=new", "--set", expression, template]);
    expect(created.code).toBe(1);
    expect(lastMessage(created.stderr)).toContain(message);
    expect(existsSync(join(home.home, "new"))).toBe(false);
    home.instance("web", { "lima.yaml": TEMPLATE, "lima-version": "0.1.0" });
    expect(lastMessage((await home.run(["start", "web", "--set", expression])).stderr)).toContain(message);
    expect(file(home)).toBe(TEMPLATE);
  });
});
