import { expect, test } from "bun:test";
import { expandText } from "./expand.ts";

const data = { Name: "default", User: "jan", UID: 1000, Param: { X: "a", "Empty": "" } };

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
  ['{{if eq .Param.X "a" "b"}}yes{{else}}no{{end}}', "yes"],
  ['{{if and .Param.X (ne .User "root")}}{{.User | printf "%-5s|"}}{{end}}', "jan  |"],
  ['{{with .Param.Empty}}{{.}}{{else}}none{{end}}', "none"],
  ["{{range $k, $v := .Param}}{{$k}}={{$v}};{{end}}", "Empty=;X=a;"],
  ["#!/bin/sh\n{{- if .Param.X}}\necho {{.Param.X}}\n{{- end}}\n", "#!/bin/sh\necho a\n"],
  ['[{{index .Param "missing"}}]', "[]"],
  ['{{printf "%d" .UID}}{{"\\x41"}}', "1000A"],
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
  ["a\n{{if .Name}}b", /\{\{if\}\} without \{\{end\}\}/, 1],
  ["a\n{{if .Name}}\n{{.Nmae}}{{end}}", /unknown variable "\{\{\.Nmae\}\}"/, 2],
  ["{{with .Param}}{{.Y}}{{end}}", /unknown variable "\{\{\.Y\}\}" \(did you mean "\{\{\.X\}\}"\?\)/, 0],
  ["{{$a := .Param}}{{$a.Y}}", /unknown variable "\{\{\$a\.Y\}\}"/, 0],
  ["{{$naem := 1}}{{$name}}", /undefined variable "\$name" \(did you mean "\$naem"\?\)/, 0],
  ["{{prinft .Name}}", /function "prinft" not defined \(did you mean "print"\?\)/, 0],
  ["{{.}}", /"\{\{\.\}\}" is a map/, 0],
  ["{{}}", /missing value/, 0],
  ["{{-.Name}}", /unexpected "-"/, 0],
  ["docker ps --format '{{.ID}}'", /unknown variable "\{\{\.ID\}\}"/, 0],
  ["x {{ y }}", /function "y" not defined/, 0],
  ["x {{ .Name", /without "\}\}"/, 0],
  ['{{"\\q"}}', /cannot read the escape \\q/, 0],
])("%p is a fault", (text, reason, line) => {
  const result = expandText(text, data);
  expect("reason" in result ? result.reason : "").toMatch(reason);
  expect("line" in result ? result.line : undefined).toBe(line);
});
