import { describe, expect, test } from "bun:test";
import { LimaError } from "../base/errors.ts";
import type { HostFacts } from "./host-facts.ts";
import { loadConfig, type LoadInput } from "./load.ts";

const GIB = 1024 ** 3;
const JAN: HostFacts = {
  platform: "linux", arch: "x86_64", cpus: 8, memory: 16 * GIB, timezone: "Europe/Berlin", cwd: "/work",
  user: { name: "jan", uid: 1000, gid: 100, home: "/home/jan", fullName: "Jan Tester" },
};
const ROOT: HostFacts = { ...JAN, user: { name: "root", uid: 0, gid: 0, home: "/root", fullName: "root" } };
const IMAGE = "images: [{location: /x.img}]\n";

function load(text: string, more: Partial<Omit<LoadInput, "defaults" | "overrides">> & { D?: string; O?: string } = {}) {
  const { D, O, ...rest } = more;
  return loadConfig({
    text, source: "lima.yaml", name: "default", dir: "/home/jan/.lima/default", host: JAN, version: "0.1.0",
    defaults: D === undefined ? undefined : { text: D, source: "default.yaml" },
    overrides: O === undefined ? undefined : { text: O, source: "override.yaml" },
    ...rest,
  });
}

/** The lines of the error that loading ends with. */
function problems(text: string, more: Parameters<typeof load>[1] = {}): string[] {
  try {
    load(text, more);
  } catch (error) {
    if (error instanceof LimaError) return error.message.split("\n");
    throw error;
  }
  return [];
}

describe("built-in defaults", () => {
  test("for an ordinary user", () => {
    expect(load(IMAGE).config).toEqual({
      vmType: "qemu", os: "Linux", arch: "x86_64", cpus: 4, memory: 4 * GIB, disk: 100 * GIB, timezone: "Europe/Berlin", plain: false, upgradePackages: false,
      guestInstallPrefix: "/usr/local", message: "", propagateProxyEnv: true,
      images: [{ location: "/x.img", arch: "x86_64" }],
      user: { name: "jan", comment: "Jan Tester", home: "/home/jan.guest", shell: "/bin/bash", uid: 1000, gid: 100 },
      ssh: { localPort: 0, loadDotSSHPubKeys: false, forwardAgent: false }, firmware: { legacyBIOS: false },
      video: { display: "none", vnc: { display: "127.0.0.1:0,to=9" } }, provision: [], probes: [], env: {}, param: {}, dns: [],
      caCerts: { removeDefaults: false, files: [], certs: [] }, vmOpts: { qemu: { cpuType: {} } },
    });
  });

  test.each([
    ["root", 0, 0, "lima", 1000, 1000], ["admin", 501, 20, "lima", 501, 20], ["Jan Doe", 1001, 1002, "lima", 1001, 1002], ["jan", 1000, 0, "jan", 1000, 1000], ["x", -1, -1, "x", 1000, 1000],
  ])("host user %p (%p:%p) gives guest user %p (%p:%p)", (name, uid, gid, guest, guestUid, guestGid) => {
    const { user } = load(IMAGE, { host: { ...JAN, user: { ...JAN.user, name, uid, gid } } }).config;
    expect([user.name, user.uid, user.gid, user.home]).toEqual([guest, guestUid, guestGid, `/home/${guest}.guest`]);
  });

  test("small hosts give what they have", () => {
    const { cpus, memory } = load(IMAGE, { host: { ...JAN, cpus: 2, memory: 3 * GIB } }).config;
    expect([cpus, memory]).toEqual([2, 1.5 * GIB]);
  });

  test("macOS hosts run their own architecture on vz, others on qemu", () => {
    const host: HostFacts = { ...JAN, platform: "darwin", arch: "aarch64" };
    expect(load(IMAGE, { host }).config.vmType).toBe("vz");
    expect(load(`${IMAGE}arch: x86_64`, { host }).config.vmType).toBe("qemu");
  });

  test.each([
    [undefined, "/home/jan.guest", 0], [{ limaVersion: "2.1.0" }, "/home/jan.guest", 0], [{ limaVersion: "0.1.0" }, "/home/jan.guest", 0],
    [{ limaVersion: "2.0.3" }, "/home/jan.linux", 0], [{ limaVersion: "1.0.0" }, "/home/jan.linux", 60022], [{ limaVersion: "" }, "/home/jan.linux", 60022],
  ])("made by %p: home %p, ssh port %p", (existing, home, port) => {
    const { config } = load(IMAGE, { existing });
    expect([config.user.home, config.ssh.localPort]).toEqual([home, port]);
  });

  test("0 and the empty text are the built-in default, and hide what default.yaml says", () => {
    const { config } = load(`${IMAGE}cpus: 0\nmemory: ""\ndisk: ""\narch: default\nos: ""\nvideo: {display: ""}`, { D: "cpus: 7\nmemory: 1GiB\ndisk: 1GiB\narch: aarch64" });
    expect([config.cpus, config.memory, config.disk, config.arch, config.video.display]).toEqual([4, 4 * GIB, 100 * GIB, "x86_64", "none"]);
  });

  test("plain leaves the guest's time zone alone", () => {
    expect(load(`${IMAGE}plain: true\ntimezone: UTC`).config.timezone).toBe("");
  });
});

describe("values as people write them", () => {
  test("scalars are converted", () => {
    const { config } = load(`${IMAGE}cpus: "3"\nuser: {name: 7seas, uid: 1001.9, comment: 1.30}\nenv: {A: 0644, B: true, C: null, D: 12345678901234567890}\nssh: {localPort: "2222"}\nmemory: 1073741824\ntimezone: null`);
    expect([config.cpus, config.user.name, config.user.uid, config.user.comment, config.ssh.localPort, config.memory, config.timezone]).toEqual([3, "7seas", 1001, "1.3", 2222, GIB, "Europe/Berlin"]);
    expect(config.env).toEqual({ A: "420", B: "true", C: "", D: "12345678901234567890" });
  });

  test("images get their architecture, their paths, and their parts", () => {
    const text = "arch: aarch64\nimages:\n- location: ~/a.img\n- {location: b.img, arch: x86_64, kernel: {location: https://h/k, cmdline: ro}, initrd: {location: /i}, variant: v, archVariant: v3}\n- location: debian:trixie\n";
    expect(load(text).config.images).toEqual([
      { location: "/home/jan/a.img", arch: "aarch64" },
      { location: "/work/b.img", arch: "x86_64", kernel: { location: "https://h/k", arch: "x86_64", cmdline: "ro" }, initrd: { location: "/i", arch: "x86_64" }, variant: "v", archVariant: "v3" },
      { location: "debian:trixie", arch: "aarch64" },
    ]);
  });

  test("texts for the guest are expanded", () => {
    const text = `${IMAGE}user: {name: eve, uid: 1234, home: "/h/{{.User}}"}\nparam: {X: a}\nprovision:\n- script: "{{.Name}} {{.Hostname}} {{.UID}} {{.User}} {{.Home}} {{.Param.X}}"\n- {mode: data, path: "/etc/{{.Name}}", content: "{{.User}}", owner: "{{.User}}"}\nprobes: [{script: "#!/bin/sh\\n{{.User}}"}]`;
    const { user, provision, probes } = load(text, { name: "a.b" }).config;
    expect(user.home).toBe("/h/eve");
    expect(provision[0]).toEqual({ mode: "system", script: "a.b lima-a-b 1234 eve /h/eve a", skipDefaultDependencyResolution: false });
    expect(provision[1]).toEqual({ mode: "data", script: "", skipDefaultDependencyResolution: false, content: "eve", path: "/etc/a.b", owner: "eve", permissions: "644", overwrite: true });
    expect(probes[0]).toEqual({ mode: "readiness", description: "user probe 1/1", script: "#!/bin/sh\neve", hint: "" });
  });
});

describe("merging override.yaml over lima.yaml over default.yaml", () => {
  test.each([
    ["scalars", "cpus: 3", "cpus: 7", "cpus: 12", "cpus", 12], ["scalars without override", "cpus: 3", "cpus: 7", "", "cpus", 3], ["scalars of default.yaml", "", "cpus: 7", "", "cpus", 7],
    ["null is absent", "cpus: null", "cpus: 7", "cpus: ~", "cpus", 7],
    ["leaves of maps", "user: {shell: /bin/zsh}", "user: {uid: 5, shell: /bin/sh}", "user: {comment: o}", "user", { name: "jan", comment: "o", home: "/home/jan.guest", shell: "/bin/zsh", uid: 5, gid: 100 }],
    ["env by key", "env: {B: 3}", "env: {A: 1, B: 2}", "env: {C: 4}", "env", { A: "1", B: "3", C: "4" }],
    ["dns is the highest list", "dns: [8.8.8.8]", "dns: [1.1.1.1]", "dns: []", "dns", ["8.8.8.8"]],
    ["caCerts once each", "caCerts: {certs: [b, a]}", "caCerts: {certs: [a], removeDefaults: true}", "caCerts: {certs: [c, b]}", "caCerts", { removeDefaults: true, files: [], certs: ["a", "b", "c"] }],
    ["vmOpts whole", "vmOpts: {qemu: {minimumVersion: 8.2.1}}", "", "vmOpts: {qemu: {cpuType: {x86_64: max}}}", "vmOpts", { qemu: { cpuType: { x86_64: "max" } } }],
    ["cpuType, deprecated", "cpuType: {x86_64: old, aarch64: a}\nvmOpts: {qemu: {cpuType: {x86_64: new}}}", "", "", "vmOpts", { qemu: { cpuType: { x86_64: "new", aarch64: "a" } } }],
    ["message is the template's", "message: m", "message: d", "message: o", "message", "m"],
  ])("%s", (_, M, D, O, field, expected) => {
    const { config } = load(`${IMAGE}${M}`, { D, O });
    expect((config as unknown as Record<string, unknown>)[field]).toEqual(expected);
  });

  test("lists are joined, override first", () => {
    const { config } = load("images: [{location: /m}]\nprovision: [{script: m}]", { D: "images: [{location: /d}]\nprovision: [{script: d}]", O: "images: [{location: /o}]\nprovision: [{script: o}]" });
    expect(config.images.map((image) => image.location)).toEqual(["/o", "/m", "/d"]);
    expect(config.provision.map((entry) => entry.script)).toEqual(["o", "m", "d"]);
  });

  test("texts can decide, and ask for a parameter that may be missing", () => {
    const text = `${IMAGE}param: {X: a, Y: b}\nprovision:\n- script: |\n    #!/bin/sh\n    {{- if eq .Param.X "a"}}\n    echo {{.Param.X | printf "%-3s"}}{{index .Param "Y"}}{{index .Param "Z"}}\n    {{- end}}\n`;
    expect(load(text).config.provision[0]?.script).toBe("#!/bin/sh\necho a  b\n");
  });

  test("{{.Param.X}} is the template's value, the guest's variable the merged one", () => {
    const { config } = load(`${IMAGE}param: {X: a}\nprovision: [{script: "echo {{.Param.X}} $PARAM_X"}]`, { O: "param: {X: b}" });
    expect([config.provision[0]?.script, config.param]).toEqual(["echo a $PARAM_X", { X: "b" }]);
  });
});

describe("problems name file, line, column, field, value and reason", () => {
  test.each([
    ["", 'lima.yaml:1:1: field "images" is invalid: must be set, with at least one entry'],
    [`${IMAGE}cpus: x`, 'lima.yaml:2:7: field "cpus" is "x": must be a number'],
    [`${IMAGE}cpus: -1`, 'lima.yaml:2:7: field "cpus" is -1: must be 1 or more, or 0 for the default'],
    [`${IMAGE}memory: 4GBs`, 'lima.yaml:2:9: field "memory" is "4GBs": invalid suffix "gbs", use B, KiB, MiB, GiB, TiB or PiB'],
    [`${IMAGE}plain: yes`, 'lima.yaml:2:8: field "plain" is "yes": must be true or false'],
    [`${IMAGE}user: [1]`, 'lima.yaml:2:7: field "user" is a list: must be a map'],
    [`${IMAGE}user: {name: [1]}`, 'lima.yaml:2:14: field "user.name" is a list: must be a text'],
    ["images: x", 'lima.yaml:1:9: field "images" is "x": must be a list'],
    ["images: [null]", 'lima.yaml:1:10: field "images[0]" is null: must be a map'],
    ["images: [{arch: x86_64}]", 'lima.yaml:1:10: field "images[0].location" is invalid: must be set'],
    ["images: [{location: ~eve/x}]", 'lima.yaml:1:21: field "images[0].location" is "~eve/x": only "~/" is expanded, write the path in full'],
    [`${IMAGE}arch: x86`, 'lima.yaml:2:7: field "arch" is "x86": must be one of x86_64, aarch64, armv7l, ppc64le, riscv64, s390x'],
    [`${IMAGE}os: Darwin`, 'lima.yaml:2:5: field "os" is "Darwin": only Linux guests are supported by this version yet'],
    [`${IMAGE}os: linux`, 'lima.yaml:2:5: field "os" is "linux": must be one of Linux, Darwin, FreeBSD, Windows'],
    [`${IMAGE}vmType: default`, 'lima.yaml:2:9: field "vmType" is "default": must name a driver such as qemu; leave it out for the default'],
    [`${IMAGE}minimumLimaVersion: 9.0.0`, 'lima.yaml:2:21: field "minimumLimaVersion" is "9.0.0": this program understands the configuration of Lima up to 2.2.0'],
    [`${IMAGE}minimumLimaVersion: new`, 'lima.yaml:2:21: field "minimumLimaVersion" is "new": must be a version such as 1.2.3'],
    [`${IMAGE}ssh: {localPort: 22}`, 'lima.yaml:2:18: field "ssh.localPort" is 22: must not be 22, the host\'s own'],
    [`${IMAGE}ssh: {localPort: 65536}`, 'lima.yaml:2:18: field "ssh.localPort" is 65536: must be between 1 and 65535, or 0 for a free port'],
    [`${IMAGE}user: {name: root}`, 'lima.yaml:2:14: field "user.name" is "root": must not be root, the guest\'s own administrator'],
    [`${IMAGE}user: {uid: 0}`, 'lima.yaml:2:13: field "user.uid" is 0: must be between 1 and 4294967294'],
    [`${IMAGE}user: {shell: zsh}`, 'lima.yaml:2:15: field "user.shell" is "zsh": must be an absolute path, without colons'],
    [`${IMAGE}dns: [1.1.1.1, example.com]`, 'lima.yaml:2:16: field "dns[1]" is "example.com": must be an IP address'],
    [`${IMAGE}env: {"a b": c}`, 'lima.yaml:2:14: field "env["a b"]" is invalid: the name must be a word without = and quotes'],
    [`${IMAGE}provision: [{mode: nope, script: x}]`, 'lima.yaml:2:20: field "provision[0].mode" is "nope": must be one of system, user, boot, data, dependency'],
    [`${IMAGE}provision: [{mode: user}]`, 'lima.yaml:2:13: field "provision[0].script" is invalid: must not be empty'],
    [`${IMAGE}provision: [{mode: data, path: /f, permissions: 9}]`, 'lima.yaml:2:49: field "provision[0].permissions" is 9: must be an octal number such as 644'],
    [`${IMAGE}provision: [{mode: data, content: x}]`, 'lima.yaml:2:13: field "provision[0].path" is invalid: must be set when mode is data'],
    [`${IMAGE}provision: [{script: x, content: y}]`, 'lima.yaml:2:34: field "provision[0].content" is "y": can only be set when mode is data, here it is system'],
    [`${IMAGE}provision:\n- script: |\n    #!/bin/sh\n    echo {{.Nmae}}\n`, 'lima.yaml:5:1: field "provision[0].script" is invalid: unknown variable "{{.Nmae}}" (did you mean "{{.Name}}"?)'],
    [`${IMAGE}probes: [{script: echo}]`, 'lima.yaml:2:19: field "probes[0].script" is invalid: must start with a "#!" line'],
    [`${IMAGE}param: {Y: 1}`, 'lima.yaml:2:12: field "param.Y" is invalid: it is not used: no script names {{.Param.Y}} or $PARAM_Y'],
    [`${IMAGE}param: {3x: v}\nprovision: [{script: $PARAM_3x}]`, 'lima.yaml:2:13: field "param.3x" is invalid: the name must start with a letter, then letters, digits and underscores'],
    [`${IMAGE}base: template:foo`, 'lima.yaml:2:7: field "base" is invalid: base templates are not supported by this version yet'],
    ["[]", 'lima.yaml:1:1: the document is a list: must be a map'],
    [`${IMAGE}vmOpts: {qemu: {cpuType: {amd64: x}}}`, 'lima.yaml:2:34: field "vmOpts.qemu.cpuType.amd64" is "x": the key must be one of x86_64, aarch64, armv7l, ppc64le, riscv64, s390x'],
  ])("%p", (text, line) => {
    expect(problems(text)).toEqual([line]);
  });

  test("digests and the architecture of kernels", () => {
    expect(problems("images: [{location: /a, digest: sha256:0, kernel: {location: /k, arch: aarch64}}]")).toEqual([
      'lima.yaml:1:33: field "images[0].digest" is "sha256:0": invalid checksum digest length 1, sha256 has 64 digits',
      'lima.yaml:1:72: field "images[0].kernel.arch" is "aarch64": must be the architecture of its image, x86_64',
    ]);
  });

  test("all files together, each in its own terms, top to bottom", () => {
    expect(problems("user: {uid: 0}\nprovision: [{script: a}, {}]\ncpus: x", { D: "images: [{}]", O: "provision: [{}, {script: b}]\nssh: {localPort: -1}" })).toEqual([
      'lima.yaml:1:13: field "user.uid" is 0: must be between 1 and 4294967294',
      'lima.yaml:2:26: field "provision[1].script" is invalid: must not be empty',
      'lima.yaml:3:7: field "cpus" is "x": must be a number',
      'default.yaml:1:10: field "images[0].location" is invalid: must be set',
      'override.yaml:1:13: field "provision[0].script" is invalid: must not be empty',
      'override.yaml:2:18: field "ssh.localPort" is -1: must be between 1 and 65535, or 0 for a free port',
    ]);
  });

  test("thousands are cut short", () => {
    const lines = problems(`images: [${"{}, ".repeat(5000)}]`);
    expect(lines).toHaveLength(51);
    expect(lines.at(-1)).toStartWith("and ");
  });

  test("no YAML is CONFIG_SYNTAX with the file it is in", () => {
    expect(problems(IMAGE, { O: "a: b: c" })).toEqual(["override.yaml:1:4: nested mappings are not allowed in compact mappings"]);
  });
});

describe("warnings", () => {
  test.each([
    ["mounts: [{location: '~'}]", 'lima.yaml:2:1: field "mounts" is not supported by this version yet: it has no effect'],
    ["containerd: {user: true}", 'lima.yaml:2:1: field "containerd" is not supported by this version yet: it has no effect'],
    ["user: {passwordlessSudo: false}", 'lima.yaml:2:8: field "user.passwordlessSudo" is not supported by this version yet: it has no effect'],
    ["portForwards: [{guestPort: 80}]", 'lima.yaml:2:1: field "portForwards" is not supported by this version yet: it has no effect'],
    ["hostResolver: {hosts: {a: b}}", 'lima.yaml:2:1: field "hostResolver" is not supported by this version yet: it has no effect'],
    ["cpu: 3", 'lima.yaml:2:1: unknown field "cpu" (did you mean "cpus"?): it has no effect'],
    ["zzzz: 3", 'lima.yaml:2:1: unknown field "zzzz": it has no effect'],
    ["network: []", 'lima.yaml:2:1: unknown field "network" (did you mean "networks"?): it has no effect'],
    ["provision: [{script: x, Mode: user}]", 'lima.yaml:2:25: unknown field "provision[0].Mode" (did you mean "mode"?): it has no effect'],
    ["vmOpts: {qemu: {minVersion: 1}}", 'lima.yaml:2:17: unknown field "vmOpts.qemu.minVersion": it has no effect'],
    ["memory: 4", 'lima.yaml:2:9: field "memory": a size without a unit is bytes, write 4GiB for gibibytes'],
    ["cpuType: {x86_64: max}", 'lima.yaml:2:1: field "cpuType" is deprecated: use "vmOpts.qemu.cpuType"'],
    ["provision: [{script: echo $LIMA_CIDATA_USER}]", 'lima.yaml:2:22: field "provision[0].script": LIMA_CIDATA variables are internal and may change, use PARAM variables'],
  ])("%p", (text, warning) => {
    expect(load(IMAGE + text).warnings).toEqual([warning]);
  });

  test.each([
    "mounts: []", "mounts: null", "containerd: {system: false, user: false, archives: [{location: /x}]}", "hostResolver: {enabled: true}", "audio: {device: none}", "tpm: false", "networks:",
    "rosetta: {enabled: false}", "user: {passwordlessSudo: true}", "vmOpts: {vz: {rosetta: {enabled: true}}}", "plain: true\nmounts: [{location: /a}]\ncontainerd: {user: true}", "mountTypesUnsupported: [9p]", "base: []",
  ])("nothing to say about %p", (text) => {
    expect(load(IMAGE + text).warnings).toEqual([]);
  });

  test("fields that only a template may have are named in other files", () => {
    expect(load(IMAGE, { D: "message: x\nbase: y" }).warnings).toEqual(['default.yaml:1:1: field "message" has no effect in this file', 'default.yaml:2:1: field "base" has no effect in this file']);
  });
});

test("root's instance is a user's instance", () => {
  expect(load(IMAGE, { host: ROOT }).config.user).toEqual({ name: "lima", comment: "", home: "/home/lima.guest", shell: "/bin/bash", uid: 1000, gid: 1000 });
});
