import { describe, expect, test } from "bun:test";
import { parseYaml } from "../config/parse-yaml.ts";
import { editYaml } from "./edit.ts";

const TEXT = `# My machine

# Where it comes from
images:
- location: "https://example.com/x.img"  # pinned
  arch: x86_64
# the local one
- location: /local.img
  arch: aarch64

cpus: 2  # enough
user:
  # my shell
  shell: '/bin/sh'
dns: [1.1.1.1]
size: 0644

# the end
`;

describe("what an expression leaves alone stays as it is", () => {
  test.each<[expression: string, from: string, to: string]>([
    [".cpus = 8", "cpus: 2", "cpus: 8"],
    [".cpus |= . + 1", "cpus: 2", "cpus: 3"],
    [".cpus *= 4 | .cpus -= 1", "cpus: 2", "cpus: 7"],
    ['.user.shell = "/bin/zsh"', "'/bin/sh'", "'/bin/zsh'"],
    ['.images[0].location = "/x"', '"https://example.com/x.img"', '"/x"'],
    ['.images[-1].arch = "riscv64"', "aarch64", "riscv64"],
    ['(.images[] | select(.arch == "aarch64") | .location) = "/y"', "/local.img", "/y"],
    ['.images[1].digest = "sha256:0"', "  arch: aarch64\n", "  arch: aarch64\n  digest: sha256:0\n"],
    ['with(.images[1]; .arch = "s390x" | .location |= sub("local", "remote"))', "/local.img\n  arch: aarch64", "/remote.img\n  arch: s390x"],
    ["del(.user)", "user:\n  # my shell\n  shell: '/bin/sh'\n", ""],
    ["del(.images[1])", "# the local one\n- location: /local.img\n  arch: aarch64\n", ""],
    ["del(.images[] | select(.arch == \"aarch64\"))", "# the local one\n- location: /local.img\n  arch: aarch64\n", ""],
    ["del(.dns, .size)", "dns: [1.1.1.1]\nsize: 0644\n", ""],
    ['.images |= map(select(.arch == "x86_64"))', "# the local one\n- location: /local.img\n  arch: aarch64\n", ""],
    ['.dns += ["8.8.8.8", "9.9.9.9"]', "[1.1.1.1]", "[1.1.1.1, 8.8.8.8, 9.9.9.9]"],
    ['.dns += "8.8.8.8"', "[1.1.1.1]", "[1.1.1.1, 8.8.8.8]"],
    ['.dns -= ["1.1.1.1"]', "[1.1.1.1]", "[]"],
    ['.dns = (["8.8.8.8"] + .dns | sort | reverse)', "[1.1.1.1]", "\n- 8.8.8.8\n- 1.1.1.1"],
    ["with_entries(select(.key != \"size\"))", "size: 0644\n", ""],
    ["with_entries(.value |= .)", "", ""],
    [".size = .size", "", ""],
    ['. * {"cpus": 4, "user": {"shell": "/bin/zsh"}}', "2  # enough\nuser:\n  # my shell\n  shell: '/bin/sh'", "4  # enough\nuser:\n  # my shell\n  shell: /bin/zsh"],
    ['. *= {"dns": ["9.9.9.9"]}', "[1.1.1.1]", "\n- 9.9.9.9"],
    ['. *+ {"dns": ["9.9.9.9"]}', "[1.1.1.1]", "[1.1.1.1, 9.9.9.9]"],
    ['. *n {"cpus": 9, "dns": ["9.9.9.9"], "plain": true}', "size: 0644\n", "size: 0644\nplain: true\n"],
    ['. *? {"cpus": 9, "plain": true}', "cpus: 2", "cpus: 9"],
    ['.mounts = [{"location": "~", "writable": true}]', "size: 0644\n", 'size: 0644\nmounts:\n- location: "~"\n  writable: true\n'],
    ["(.ssh.a, .ssh.b) = 1", "size: 0644\n", "size: 0644\nssh:\n  a: 1\n  b: 1\n"],
    [".env[\"A B\"] = \"yes\" | .env.\"c.d\" = null", "size: 0644\n", "size: 0644\nenv:\n  A B: yes\n  c.d: null\n"],
    ['.env.mode = "0644"', "size: 0644\n", 'size: 0644\nenv:\n  mode: "0644"\n'],
    [".plain //= true | .cpus //= 9", "size: 0644\n", "size: 0644\nplain: true\n"],
    ['.l[1] = "x"', "size: 0644\n", "size: 0644\nl:\n- null\n- x\n"],
  ])("%s", (expression, from, to) => {
    expect(TEXT).toContain(from);
    expect(editYaml(TEXT, "f", [expression])).toBe(TEXT.replace(from, to).replace("dns: \n", "dns:\n"));
  });
});

describe("aliases and merge keys", () => {
  test.each([
    ["a: &x {b: 1}\nc: *x\n", ".d = .c.b", "a: &x {b: 1}\nc: *x\nd: 1\n"],
    ["a: &x {b: 1}\nc: *x\n", ".c = {\"b\": 2}", "a: &x {b: 1}\nc:\n  b: 2\n"],
    ["a: &x {b: 1}\nc: *x\n", ".d = .c", "a: &x {b: 1}\nc: *x\nd: {b: 1}\n"],
    ["a: &x {b: 1}\nc: *x\n", ".a.b = 2", "a: &x {b: 2}\nc: *x\n"],
    ["a: &x {b: 1}\nc:\n  <<: *x\n", ".c.b = 2", "a: &x {b: 1}\nc:\n  <<: *x\n  b: 2\n"],
    ["a: &x {b: {d: 1}}\nc:\n  <<: *x\n", ".c.b.d = 2", "a: &x {b: {d: 1}}\nc:\n  <<: *x\n  b: {d: 2}\n"],
    ["a: &x [1]\nc: *x\n", "del(.c)", "a: &x [1]\n"],
  ])("%j, %s", (text, expression, expected) => {
    expect(editYaml(text, "f", [expression])).toBe(expected);
  });

  test.each([
    ["a: &x {b: 1}\nc: *x\n", ".c.b = 2", 'invalid expression ".c.b = 2": the change would alter other values through the alias "x" (character 6)'],
    ["a: &x {b: 1}\nc: *x\n", "del(.c.b)", 'the change would alter other values through the alias "x"'],
    ["a: &x [1]\nc: *x\n", "del(.a)", 'cannot edit "f": f:2:4: alias "x" names no anchor before it'],
  ])("%j, %s is refused", (text, expression, message) => {
    expect(() => editYaml(text, "f", [expression])).toThrow(message);
  });
});

test.each([
  ["an empty text", "", ".a.b = 1", "a:\n  b: 1\n"],
  ["comments only", "# nothing yet\n", ".a = 1", "# nothing yet\n\na: 1\n"],
  ["other documents stay", "a: 1\n---\nb: 2\n", ".a = 2", "a: 2\n---\nb: 2\n"],
  ["an empty expression", "a:   1\n\n\n", " ", "a:   1\n\n\n"],
])("%s", (_, text, expression, expected) => {
  expect(editYaml(text, "f", [expression])).toBe(expected);
});

test("each expression works on what the one before made", () => {
  expect(editYaml("a: 1\n", "f", [".b = .a", ".b += 1", "del(.a)"])).toBe("b: 2\n");
});

test.each([
  [".cpus", "must give a map"],
  ["select(false)", "must give one document, it gives 0"],
  [".a = 1, .b = 2", "must give one document, it gives 2"],
  [".cpus.x = 1", 'invalid expression ".cpus.x = 1": cannot set "x" in a number (character 9)'],
  [".dns.x = 1", "invalid expression \".dns.x = 1\": cannot index array with 'x' (character 5)"],
  [".dns[100000] = 1", "index 100000 is out of range, the list has 1 items (character 14)"],
  [".dns[-3] = 1", "index -3 is out of range, the list has 1 items (character 5)"],
])("%s is refused", (expression, message) => {
  expect(() => editYaml(TEXT, "f", [expression])).toThrow(message);
});

test("bad YAML is told with its place", () => {
  expect(() => editYaml("a: [", "f", [".a = 1"])).toThrow(/^f:1:\d+: /);
  expect(parseYaml(editYaml("a: 9007199254740993\n", "f", [".b = .a"]), "f").value).toMatchObject({ b: 9007199254740993n });
});
