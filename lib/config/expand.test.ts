import { expect, test } from "bun:test";
import { expandText } from "./expand.ts";

const data = { Name: "default", UID: 1000, Param: { X: "a", "Empty": "" } };

test.each([
  ["plain { text } }}", "plain { text } }}"],
  ["{{.Name}}-{{ .UID }}", "default-1000"],
  ["{{\t.Param.X\n}}", "a"],
  ["[{{.Param.Empty}}]", "[]"],
  ["a  {{- .Name -}}  b", "adefaultb"],
  ["a {{/* {{ }} */}}b", "a b"],
  ['{{"{{"}}.Name{{ "}}" }}', "{{.Name}}"],
  ["{{`{{.ID}}`}}", "{{.ID}}"],
  ["{{{.Name}}}", undefined],
])("%p becomes %p", (text, expected) => {
  const result = expandText(text, data);
  expect("text" in result ? result.text : undefined).toBe(expected);
});

test("values are inserted raw and once", () => {
  expect(expandText("{{.A}}", { A: "{{.B}} $& $1", B: "no" })).toEqual({ text: "{{.B}} $& $1" });
});

test.each([
  ["{{.Nmae}}", /unknown variable "\{\{\.Nmae\}\}" \(did you mean "\{\{\.Name\}\}"\?\)/, 0],
  ["ok\n\n {{.Param.Y}}", /unknown variable "\{\{\.Param\.Y\}\}"/, 2],
  ["{{.Name.First}}", /"\{\{\.Name\}\}" has no part "First"/, 0],
  ["{{.Param}}", /is a map/, 0],
  ["{{.constructor}}", /unknown variable/, 0],
  ["{{.Param.__proto__}}", /unknown variable/, 0],
  ["a\n{{if .Name}}b{{end}}", /only variables .* got "\{\{if \.Name\}\}"/, 1],
  ["{{.Name | printf}}", /only variables/, 0],
  ["{{}}", /only variables/, 0],
  ["{{-.Name}}", /only variables/, 0],
  ["x {{ y", /without "\}\}"/, 0],
  ['{{"\\x41"}}', /cannot read the literal/, 0],
])("%p is a fault", (text, reason, line) => {
  const result = expandText(text, data);
  expect("reason" in result ? result.reason : "").toMatch(reason);
  expect("line" in result ? result.line : undefined).toBe(line);
});
