import { expect, test } from "bun:test";
import { renderTemplate } from "./go-template.ts";

const FIELDS: Record<string, unknown> = { Name: "web", CPUs: 2, Protected: false, Errors: ["a", "b"], Param: { key: "v" }, Empty: "", Zero: 0 };
const scope = {
  field: (path: readonly string[]): unknown => path.reduce<unknown>((at, step) => (typeof at === "object" && at !== null ? (at as Record<string, unknown>)[step] : undefined), FIELDS),
  functions: { json: (value: unknown) => JSON.stringify(value) },
};

test.each([
  ["{{.Name}}", "web"],
  ["{{ .Name }}", "web"],
  ["a {{.Name}} b {{.CPUs}} c", "a web b 2 c"],
  ["{{.Protected}}|{{.Zero}}|{{.Empty}}|", "false|0||"],
  ["{{.Errors}}", "[a b]"],
  ["{{.Param.key}}", "v"],
  ["{{json .Param}}", '{"key":"v"}'],
  ["{{json .Name}}", '"web"'],
  ["x  {{- .Name -}}  y", "xweby"],
  ["no action", "no action"],
  ["", ""],
])("renderTemplate(%p)", (template, text) => expect(renderTemplate(template, scope)).toBe(text));

test("{{json .}} is everything", () => expect(JSON.parse(renderTemplate("{{json .}}", scope))).toEqual(FIELDS));

test.each([
  ["{{.Nope}}", "can't evaluate field Nope"],
  ["{{.Param.nope}}", "can't evaluate field Param.nope"],
  ["{{if .Name}}x{{end}}", "cannot use template action {{if .Name}}"],
  ["{{.Name | json}}", "cannot use template action {{.Name | json}}"],
  ["{{upper .Name}}", "cannot use template action {{upper .Name}}"],
  ["{{.Name", "unclosed action"],
])("renderTemplate(%p) is an error", (template, message) => expect(() => renderTemplate(template, scope)).toThrow(message));
