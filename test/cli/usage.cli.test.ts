import { describe, expect, test } from "bun:test";
import { CliHome, lastMessage } from "../helpers/home.ts";
import { version } from "../../package.json" with { type: "json" };

test.each(["--version", "-v"])("%s is one line on stdout, by either name", async (flag) => {
  using home = new CliHome();
  for (const bin of [undefined, home.face("limactl")]) {
    const { code, stdout, stderr } = await home.run([flag], bin === undefined ? {} : { bin });
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: `limactl version ${version}\n`, stderr: "" });
  }
});

test("help is on stdout and needs no home", async () => {
  using home = new CliHome();
  for (const args of [["--help"], ["help"], ["help", "start"], ["start", "--help"], ["shell", "--help"]]) {
    const { code, stdout, stderr } = await home.run(args, { env: { LIMA_HOME: "", HOME: "" } });
    expect({ args, code, stderr }).toEqual({ args, code: 0, stderr: "" });
    expect(stdout).toContain("Usage:");
  }
});

test("every verb in the help has a page of its own", async () => {
  using home = new CliHome();
  const limactl = home.face("limactl");
  const { stdout } = await home.run(["--help"], { bin: limactl });
  const verbs = [...stdout.matchAll(/^ {2}([a-z-]+) {3,}\S/gm)].map((m) => m[1] ?? "");
  expect(verbs).toContain("start");
  expect(verbs.length).toBeGreaterThanOrEqual(10);
  for (const verb of verbs) {
    const page = await home.run([verb, "--help"], { bin: limactl });
    expect({ verb, code: page.code, usage: page.stdout.includes(`limactl ${verb}`) }).toEqual({ verb, code: 0, usage: true });
  }
});

describe("mistakes in the command line", () => {
  test.each([
    [["strat"], 'unknown command "strat" for "limactl" (did you mean this? start)'],
    [["list", "--nosuch"], "unknown flag: --nosuch"],
    [["start", "-z"], "unknown shorthand flag: 'z' in -z"],
    [["start", "--cpus"], "flag needs an argument: --cpus"],
    [["start", "--cpus=two"], 'invalid argument "two" for "--cpus" flag: must be an integer'],
    [["start", "a", "b"], 'cannot run "limactl start": accepts at most 1 arg(s), received 2 (run "limactl start --help")'],
    [["start", "--mount", "/x"], "unknown flag: --mount"],
    [["list", "--json", "--format=yaml"], "cannot use --json together with --format"],
    [["--tty", "--yes", "list"], "cannot use both --tty and --yes"],
    [["--log-format=xml", "list"], 'invalid argument "xml" for "--log-format" flag: must be text or json'],
  ])("%j", async (args, message) => {
    using home = new CliHome();
    const { code, stdout, stderr } = await home.run(args, { bin: home.face("limactl") });
    expect({ code, stdout, message: lastMessage(stderr) }).toEqual({ code: 1, stdout: "", message });
    expect(stderr.trim().split("\n")).toHaveLength(1);
  });
});

test("the log is logrus's text, or JSON with sorted keys", async () => {
  using home = new CliHome();
  expect((await home.run(["list"])).stderr).toMatch(/^time="\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ" level=warning msg="no instance found: .*"\n$/);
  const line = JSON.parse((await home.run(["list", "--log-format", "json"])).stderr) as Record<string, string>;
  expect(Object.keys(line)).toEqual(["level", "msg", "time"]);
  expect((await home.run(["list", "--log-level=error"])).stderr).toBe("");
});

test("a reader that goes away ends it in silence", async () => {
  using home = new CliHome();
  for (let i = 0; i < 400; i++) home.instance(`vm${i}`);
  const child = Bun.spawn(["sh", "-c", `"$0" list -q | head -1`, (await import("../helpers/guest.ts")).LIMA], { env: home.env(), stdout: "pipe", stderr: "pipe" });
  expect(await new Response(child.stdout).text()).toBe("vm0\n");
  expect(await new Response(child.stderr).text()).toBe("");
});

test("no home at all is an error", async () => {
  using home = new CliHome();
  const { code, stderr } = await home.run(["list"], { env: { LIMA_HOME: "", HOME: "" } });
  expect({ code, message: lastMessage(stderr) }).toEqual({ code: 1, message: "cannot find the Lima home: neither LIMA_HOME nor HOME is set" });
});
