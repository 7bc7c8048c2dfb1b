import { describe, expect, test } from "bun:test";
import { LimaError } from "../../lib/base/errors.ts";
import { parseArgv, type ParseOptions } from "./argv.ts";
import type { FlagsDef } from "./define.ts";

const FLAGS = {
  force: { type: "boolean", alias: "f" },
  recursive: { type: "boolean", alias: "r" },
  verbose: { type: "boolean", alias: "v" },
  help: { type: "boolean", alias: "h" },
  name: { type: "string", alias: "n" },
  cpus: { type: "string", as: "int" },
  memory: { type: "string", as: "float" },
  "ssh-port": { type: "string", as: "port" },
  timeout: { type: "string", as: "duration" },
  dns: { type: "string", as: "list" },
  set: { type: "string", as: "texts" },
} as const satisfies FlagsDef;

const parse = (argv: readonly string[], options?: ParseOptions) => parseArgv(argv, FLAGS, options);

describe("parseArgv()", () => {
  test.each<[string, readonly string[], Record<string, unknown>, readonly string[]]>([
    ["nothing", [], {}, []],
    ["words only", ["a", "b"], {}, ["a", "b"]],
    ["long with a separate value", ["--name", "x"], { name: "x" }, []],
    ["long with =", ["--name=x"], { name: "x" }, []],
    ["a value with = in it", ["--name=a=b"], { name: "a=b" }, []],
    ["an empty value", ["--name="], { name: "" }, []],
    ["short with a separate value", ["-n", "x"], { name: "x" }, []],
    ["short with the value attached", ["-nx"], { name: "x" }, []],
    ["short with =", ["-n=x"], { name: "x" }, []],
    ["grouped booleans", ["-rv"], { recursive: true, verbose: true }, []],
    ["a group that ends in a value", ["-rvnx"], { recursive: true, verbose: true, name: "x" }, []],
    ["a group whose value is the next word", ["-rn", "x"], { recursive: true, name: "x" }, []],
    ["flags between words", ["a", "--force", "b", "-n", "x", "c"], { force: true, name: "x" }, ["a", "b", "c"]],
    ["a boolean takes no separate value", ["--force", "false"], { force: true }, ["false"]],
    ["a boolean with =", ["--force=false"], { force: false }, []],
    ["a short boolean with =", ["-f=0"], { force: false }, []],
    ["the last value wins", ["--name=a", "--name=b"], { name: "b" }, []],
    ["a value that looks like a flag", ["--name", "--force"], { name: "--force" }, []],
    ["a negative number", ["--cpus", "-1"], { cpus: -1 }, []],
    ["hexadecimal", ["--cpus=0x10"], { cpus: 16 }, []],
    ["octal and binary", ["--cpus=0o17", "--ssh-port=0b11"], { cpus: 15, "ssh-port": 3 }, []],
    ["a fraction", ["--memory=.5"], { memory: 0.5 }, []],
    ["a duration", ["--timeout=1h30m"], { timeout: 5_400_000 }, []],
    ["a list: commas, quotes, repeats", ["--dns=a,b", '--dns="c,d",e'], { dns: ["a", "b", "c,d", "e"] }, []],
    ["texts are never split", ["--set=a,b", "--set", "c"], { set: ["a,b", "c"] }, []],
    ["a lone dash is a word", ["-", "a"], {}, ["-", "a"]],
    ["all after -- are words", ["a", "--", "--force", "--"], {}, ["a", "--force", "--"]],
    ["help ends it, whatever follows", ["--force", "-h", "--nosuch"], { force: true, help: true }, []],
  ])("%s", (_name, argv, flags, rest) => {
    const parsed = parse(argv);
    expect(parsed.flags).toEqual(flags as never);
    expect(parsed.rest).toEqual([...rest]);
  });

  test("tells how many words stood before --", () => {
    expect(parse(["a", "--", "b"]).dash).toBe(1);
    expect(parse(["--", "b"]).dash).toBe(0);
    expect(parse(["a", "b"]).dash).toBeUndefined();
  });

  test.each<[readonly string[], Record<string, unknown>, readonly string[]]>([
    [["--force", "ls", "--name", "-f"], { force: true }, ["ls", "--name", "-f"]],
    [["inst", "--", "-x"], {}, ["inst", "--", "-x"]],
    [["--", "-x", "--", "y"], {}, ["-x", "--", "y"]],
  ])("stopAtFirstWord: %j", (argv, flags, rest) => {
    const parsed = parse(argv, { stopAtFirstWord: true });
    expect(parsed.flags).toEqual(flags as never);
    expect(parsed.rest).toEqual([...rest]);
  });

  // These texts are what scripts look for.
  test.each<[readonly string[], string]>([
    [["--nosuch"], "unknown flag: --nosuch"],
    [["--nosuch=1"], "unknown flag: --nosuch"],
    [["--constructor"], "unknown flag: --constructor"],
    [["-x"], "unknown shorthand flag: 'x' in -x"],
    [["-rx"], "unknown shorthand flag: 'x' in -rx"],
    [["--name"], "flag needs an argument: --name"],
    [["-n"], "flag needs an argument: 'n' in -n"],
    [["--force=maybe"], 'invalid argument "maybe" for "-f, --force" flag: must be true or false'],
    [["--cpus=two"], 'invalid argument "two" for "--cpus" flag: must be an integer'],
    [["--cpus=1.5"], 'invalid argument "1.5" for "--cpus" flag: must be an integer'],
    [["--memory=4GiB"], 'invalid argument "4GiB" for "--memory" flag: must be a number'],
    [["--ssh-port=70000"], 'invalid argument "70000" for "--ssh-port" flag: must be between 0 and 65535'],
    [["--timeout=10"], 'invalid argument "10" for "--timeout" flag: must be a duration like "90s" or "1h30m"'],
    [['--dns=a"b'], 'invalid argument "a\\"b" for "--dns" flag: must be a comma-separated list with quotes around whole fields'],
  ])("%j is an error", (argv, message) => {
    const attempt = (): unknown => parse(argv);
    expect(attempt).toThrow(LimaError);
    expect(attempt).toThrow(message);
  });
});
