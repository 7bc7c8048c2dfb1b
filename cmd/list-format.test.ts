import { describe, expect, test } from "bun:test";
import { loadConfig } from "../lib/config/load.ts";
import type { Instance } from "../lib/instance/inspect.ts";
import { renderMessage } from "../lib/instance/message.ts";
import { FIELD_NAMES } from "./list-fields.ts";
import { formatInstance } from "./list-format.ts";

const facts = {
  platform: "linux", arch: "x86_64", cpus: 4, memory: 8 * 1024 ** 3, timezone: "UTC", cwd: "/", user: { name: "jan", uid: 1000, gid: 1000, home: "/home/jan", fullName: "" },
} as const;
const YAML = `images: [{location: /x.img, arch: x86_64}, {location: /y.img, arch: aarch64}]
arch: x86_64
cpus: 3
param: {tool: jq}
env: {PATH: /bin}
provision: [{script: "#!/bin/sh\\n{{.Param.tool}}"}]
`;

const host = { os: "linux", arch: "x86_64", home: "/h", identityFile: "/h/_config/user" };

function instance(message = "", readable = true): Instance {
  const { config } = loadConfig({ text: `${YAML}message: ${JSON.stringify(message)}\n`, source: "f", name: "web", dir: "/h/web", host: facts, version: "0.1.0" });
  return {
    name: "web", hostname: "lima-web", status: readable ? "Stopped" : "", dir: "/h/web", message, sshAddress: "127.0.0.1", sshLocalPort: 60022, sshConfigFile: "/h/web/ssh.config",
    live: { agent: false }, errors: readable ? [] : ["bad", "worse"], protected: false, limaVersion: "0.1.0", ...(readable ? { config } : {}),
  };
}

const format = (template: string, of = instance()): string => formatInstance(of, host, template, { first: true, terminal: false }).slice(0, -1);

describe("formatInstance() with a template", () => {
  test.each([
    ["{{.Name}}", "web"],
    ["{{.Dir}} {{.Status}} {{ .SSHLocalPort }} {{.SSHConfigFile}}", "/h/web Stopped 60022 /h/web/ssh.config"],
    ["a {{.Name}} b {{.CPUs}} c", "a web b 3 c"],
    ["x  {{- .Name -}}  y", "xweby"],
    ["{{.HostOS}} {{.HostArch}} {{.LimaHome}} {{.IdentityFile}}", "linux x86_64 /h /h/_config/user"],
    ["{{.Protected}}|{{.DriverPID}}|{{.Errors}}", "false|0|[]"],
    ["{{.Param.tool}} {{json .Param}} {{json .Name}}", 'jq {"tool":"jq"} "web"'],
    ['{{if eq .Status "Running"}}up{{else}}down{{end}}', "down"],
    ['{{printf "%-10s|%5d" .Name .CPUs}}', "web       |    3"],
    ["{{range .Config.Images}}{{.Location}} {{.Arch}};{{end}}", "/x.img x86_64;/y.img aarch64;"],
    // Go's names and those of lima.yaml.
    ["{{.Config.cpus}} {{.Config.CPUs}} {{.Config.VMType}} {{.Config.SSH.LocalPort}} {{.Config.user.uid}}", "3 3 qemu 0 1000"],
    ["{{.Instance.Config.CPUs}} {{.Instance.Name}}", "3 web"],
    // What may be missing is empty, and has no parts.
    ["[{{.Config.VMOpts.vz.rosetta.enabled}}{{.Config.Env.NOPE}}{{.Config.MinimumLimaVersion}}{{.Config.Mounts}}]", "[]"],
    ["{{if .Config.VMOpts.vz.rosetta.enabled}}y{{else}}n{{end}} {{.Config.Env.PATH}}", "n /bin"],
    ["{{(index .Config.Images 0).Kernel.Cmdline}}{{with .Config.Mounts}}x{{end}}", ""],
    // The functions of the command.
    ["{{missing .Message}} {{missing \"-\" .Message}} {{.Message | missing \"none\"}} {{missing .Name}}", "<missing> - none web"],
    ["{{yaml .Param}}", "---\ntool: jq"],
    ["{{indent .Name}}|{{indent 4 \"a\\n\\nb\"}}|{{yaml .Param | indent 1}}", "  web|    a\n\n    b| ---\n tool: jq"],
  ])("%p", (template, text) => expect(format(template)).toBe(text));

  test("{{json .}} and {{yaml .}} are the record that --json prints", () => {
    expect(JSON.parse(format("{{json .}}"))).toEqual(JSON.parse(formatInstance(instance(), host, "json", { first: true, terminal: false })));
    expect(Bun.YAML.parse(format("{{yaml .}}"))).toMatchObject({ name: "web", cpus: 3 });
  });

  test("every name of --list-fields is a field", () => {
    for (const name of FIELD_NAMES) expect(() => format(`{{.${name}}}`)).not.toThrow();
  });

  test("an instance without configuration has empty fields there", () => {
    const unreadable = instance("", false);
    expect(format("{{.Name}} {{.Config.CPUs}}{{.Config.VMOpts.vz}}{{range .Errors}}<{{.}}>{{end}}", unreadable)).toBe("web <bad><worse>");
    expect(() => format("{{.Nope}}", unreadable)).toThrow("can't evaluate field Nope");
  });

  test.each([
    ["{{.Nope}}", "cannot fill in template: line 1, column 3: can't evaluate field Nope"],
    ["{{.name}}", 'can\'t evaluate field name (did you mean "Name"?)'],
    ["\n{{.Param.tol}}", 'line 2, column 9: can\'t evaluate field tol in .Param (did you mean "tool"?)'],
    ["{{.Config.Cpuz}}", 'can\'t evaluate field Cpuz in .Config (did you mean "cpus"?)'],
    ["{{.Config.SSH.Port}}", "can't evaluate field Port in .Config.SSH"],
    ["{{range .Config.Images}}{{.url}}{{end}}", "can't evaluate field url"],
    ["{{.Name.x}}", "can't evaluate field x in .Name"],
    ["{{.toJSON}}", "can't evaluate field toJSON"],
    ["{{.constructor}}", "can't evaluate field constructor"],
    ["{{if .Name}}x", "line 1, column 1: {{if}} without {{end}}"],
    ["{{upper .Name}}", 'function "upper" not defined'],
    ["{{.Name", 'without "}}"'],
    ["{{indent 101 .Name}}", "indent: the number of spaces must be between 0 and 100"],
  ])("%p is an error", (template, message) => expect(() => format(template)).toThrow(message));
});

describe("renderMessage()", () => {
  test.each([
    ["Hello from {{.Name}}\n", "Hello from web\n"],
    ['{{if eq .HostOS "linux"}}{{.Dir}}/sock/docker.sock{{end}}', "/h/web/sock/docker.sock"],
    ["{{.Instance.Config.CPUs}} {{.Param.tool}} {{.VMType}} {{.SSHLocalPort}}", "3 jq qemu 60022"],
  ])("%p", (message, text) => expect(renderMessage(instance(message), host)).toEqual({ text, errors: [] }));

  test.each([
    ["{{.Nope}}", 'field "message" cannot be filled in: line 1, column 3: can\'t evaluate field Nope'],
    ["{{.Message}}", 'field "message" cannot be filled in: line 1, column 3: can\'t evaluate field Message'],
    ["a\n{{if}}", 'field "message" is not a valid template: line 2, column 5: missing value in if'],
    ["{{json .}}", 'field "message" is not a valid template: line 1, column 3: function "json" not defined'],
  ])("%p stays, with an error", (message, error) => expect(renderMessage(instance(message), host)).toEqual({ text: message, errors: [error] }));
});
