import { describe, expect, test } from "bun:test";
import { applyEdits, type ConfigEdits } from "./edit.ts";
import { parseYaml } from "./parse-yaml.ts";

const TEXT = `# My machine

# Where it comes from
images:
- location: "https://example.com/x.img"  # pinned
  arch: x86_64
- {location: /local.img, arch: "aarch64"}

cpus: 2  # enough
user:
  # my shell
  shell: /bin/sh
param:
  colour: red
  size: 0644
provision:
- mode: system
  script: |
    #!/bin/sh
    # a comment of the script
    echo   "two  spaces"

    printf '\\t'
message: >-
  folded

# the end
`;

test("no flags, no change: not a byte", () => {
  const text = "a:   1\n\n\n# odd\nb: {x: 1 }";
  expect(applyEdits(text, {}, "f")).toBe(text);
});

test("a flag changes its value and nothing else", () => {
  expect(applyEdits(TEXT, { cpus: 8 }, "f")).toBe(TEXT.replace("cpus: 2", "cpus: 8"));
  expect(applyEdits(TEXT, { shell: "/bin/zsh" }, "f")).toBe(TEXT.replace("shell: /bin/sh\n", "shell: /bin/zsh\n"));
  expect(applyEdits(TEXT, { param: { colour: "yes: no" } }, "f")).toBe(TEXT.replace("colour: red", 'colour: "yes: no"'));
});

test("new keys come last, before the closing comment", () => {
  expect(applyEdits("a: 1\n", { sshPort: 0, plain: true }, "f")).toBe("a: 1\nssh:\n  localPort: 0\nplain: true\n");
});

describe("flags", () => {
  test.each<[ConfigEdits, string, unknown]>([
    [{ cpus: 0 }, "cpus: 4", { cpus: 0 }],
    [{ memory: 0.5, disk: 20 }, "", { memory: "0.5GiB", disk: "20GiB" }],
    [{ memory: "512MiB" }, "memory: 1GiB", { memory: "512MiB" }],
    [{ vmType: "qemu", arch: "riscv64" }, "", { vmType: "qemu", arch: "riscv64" }],
    [{ video: true }, "video: {display: none, vnc: {display: x}}", { video: { display: "default", vnc: { display: "x" } } }],
    [{ video: false }, "", { video: { display: "none" } }],
    [{ dns: ["1.1.1.1", "8.8.8.8"] }, "dns: [8.8.8.8]", { dns: ["8.8.8.8", "1.1.1.1"], hostResolver: { enabled: false } }],
    [{ shell: "/bin/zsh" }, "user: null", { user: { shell: "/bin/zsh" } }],
    [{ shell: "/bin/zsh" }, "user:\ncpus: 1", { user: { shell: "/bin/zsh" }, cpus: 1 }],
    [{ plain: false }, "plain: true", { plain: false }],
    [{ param: { a: "1" } }, "param: {a: null, b: 2}", { param: { a: "1", b: 2 } }],
  ])("%p on %p", (edits, text, value) => {
    expect(structuredClone(parseYaml(applyEdits(text, edits, "f"), "f").value)).toEqual(value as never);
  });

  test.each<[ConfigEdits, string, RegExp]>([
    [{ cpus: -1 }, "", /^cannot apply "--cpus -1": /],
    [{ cpus: 1.5 }, "", /^cannot apply "--cpus 1.5": /],
    [{ memory: -2 }, "", /^cannot apply "--memory -2": /],
    [{ disk: Number.NaN }, "", /^cannot apply "--disk NaN": /],
    [{ param: { nope: "1" } }, "param: {a: 1}", /^cannot apply "--param nope=1": the template does not define param "nope"/],
    [{ cpus: 1 }, "- a list", /^f:1:1: the document must be a map/],
    [{ cpus: 1 }, "a: b: c", /^f:1:4: /],
    [{ cpus: 1 }, "cpus: &n 4\nmemory: *n", /^cannot edit "f": /],
    [{ shell: "/bin/zsh" }, "x: &u {name: a}\nuser: *u", /^cannot edit "f": the change would alter other values/],
  ])("%p on %p is refused", (edits, text, message) => {
    expect(() => applyEdits(text, edits, "f")).toThrow(message);
  });
});

test.each([
  ["numbers keep their spelling", "a: 0644\nb: 1.30\nc: 0x1F\nd: 1e3\ncpus: 1\n", "a: 0644\nb: 1.30\nc: 0x1F\nd: 1e3\ncpus: 2\n"],
  ["line ends and indentation become the usual ones", "a:\r\n    - b:   1\r\n", "a:\n- b: 1\ncpus: 2\n"],
  ["comments only", "# nothing yet\n", "# nothing yet\n\ncpus: 2\n"],
  ["an empty text", "", "cpus: 2\n"],
  ["other documents stay", "a: 1\n---\nb: 2\n", "a: 1\ncpus: 2\n---\nb: 2\n"],
  ["no final newline", "a: 1", "a: 1\ncpus: 2\n"],
  ["anchors that are used stay", "a: &x [1]\nb: *x\n", "a: &x [1]\nb: *x\ncpus: 2\n"],
  ["an empty line of a comment", "# a\n#\n# b\na: 1\n#\n# c\nb: 2\n", "# a\n#\n# b\na: 1\n#\n# c\nb: 2\ncpus: 2\n"],
  ["comments become two spaces away", "a: 1 # x\n", "a: 1  # x\ncpus: 2\n"],
])("%s", (_, text, expected) => {
  expect(applyEdits(text, { cpus: 2 }, "f")).toBe(expected);
});
