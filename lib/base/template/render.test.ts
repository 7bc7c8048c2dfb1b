import { describe, expect, test } from "bun:test";
import { renderTemplate } from "./render.ts";

const DATA = {
  Name: "web", CPUs: 2, Zero: 0, Empty: "", Protected: false, Ok: true, Float: 2.5, Quote: `<a href="x">'&`,
  Errors: ["a", "b"], None: [], Ports: [80, 443], Param: { key: "v", Other: "w" }, Nothing: undefined, Null: null,
  Disks: [{ name: "one", size: 1 }, { name: "two", size: 2 }], Deep: { A: { B: { C: "c" } } },
};

function render(template: string, data: unknown = DATA): string {
  const result = renderTemplate(template, data, { missing: ({ name, owner }) => `no field ${name} in ${owner || "."}` });
  return "text" in result ? result.text : `${result.line}:${result.column}: ${result.reason}`;
}

describe("renderTemplate()", () => {
  test.each([
    // Text, fields, trim marks, comments.
    ["no action }} { {", "no action }} { {"],
    ["", ""],
    ["{{.Name}}|{{ .Name }}|{{\n.Name\t}}", "web|web|web"],
    ["{{.CPUs}} {{.Protected}} {{.Zero}} [{{.Empty}}] {{.Float}}", "2 false 0 [] 2.5"],
    ["{{.Errors}} {{.Ports}} {{.Param}} {{.None}}", "[a b] [80 443] map[Other:w key:v] []"],
    ["{{.Deep.A.B.C}} {{$.Deep.A.B.C}} {{(.Deep.A).B.C}}", "c c c"],
    ["[{{.Nothing}}{{.Null}}{{.Nothing.x.y}}]", "[]"],
    ["x  {{- .Name -}}  y", "xweby"],
    ["{{23 -}} < {{- 45}}", "23<45"],
    ["{{-3}} {{- 3}}", "-33"],
    ["a {{/* {{.X}} */}} b {{- /* c */ -}} d", "a  bd"],
    // Literals.
    ['{{"a\\tb\\x41\\u00e9\\101\\\\"}}', "a\tbA\u00e9A\\"],
    ['{{`a\\"b`}}{{"\\"}}\\""}}', 'a\\"b"}}"'],
    ["{{1}} {{-1.5}} {{1e3}} {{0x1F}} {{0b11}} {{0o17}} {{017}} {{1_000}} {{.5}} {{+2}}", "1 -1.5 1000 31 3 15 15 1000 0.5 2"],
    ["{{'a'}} {{'\\n'}} {{printf \"%c\" '\u00e9'}}", "97 10 \u00e9"],
    ["{{true}} {{false}}", "true false"],
    ["{{1e21}} {{0.00001}} {{100000000000}}", "1e+21 1e-05 100000000000"],
    // if, with, range.
    ["{{if .Ok}}y{{end}}{{if .Zero}}n{{else}}e{{end}}", "ye"],
    ["{{if .Empty}}1{{else if .None}}2{{else if .Name}}3{{else}}4{{end}}", "3"],
    ["{{if .Nothing}}1{{end}}{{if not .Param}}2{{end}}{{if .Param}}3{{end}}", "3"],
    ["{{with .Param}}{{.key}}{{$.Name}}{{end}}{{with .Empty}}x{{else}}none{{end}}", "vwebnone"],
    ["{{with .Empty}}1{{else with .Name}}{{.}}{{end}}", "web"],
    ["{{with $x := .Name}}{{$x}}{{.}}{{end}}", "webweb"],
    ["{{range .Errors}}<{{.}}>{{end}}", "<a><b>"],
    ["{{range $e := .Errors}}{{$e}}{{end}}", "ab"],
    ["{{range $i, $e := .Errors}}{{$i}}={{$e}} {{end}}", "0=a 1=b "],
    ["{{range $k, $v := .Param}}{{$k}}={{$v}} {{end}}", "Other=w key=v "],
    ["{{range .None}}x{{else}}none{{end}}{{range .Nothing}}x{{else}}none{{end}}", "nonenone"],
    ["{{range .Disks}}{{.name}}:{{.size}}{{$.CPUs}} {{end}}", "one:12 two:22 "],
    ["{{range $i, $d := .Disks}}{{if $i}}, {{end}}{{$d.name}}{{end}}", "one, two"],
    ["{{range .Ports}}{{if eq . 443}}{{break}}{{end}}{{.}}{{end}}", "80"],
    ["{{range .Ports}}{{if eq . 80}}{{continue}}{{end}}{{.}}{{end}}", "443"],
    ["{{range 3}}{{.}}{{end}}{{range $i := 2}}{{$i}}{{end}}", "01201"],
    // Variables.
    ["{{$x := 1}}{{$x}}{{$x = 2}}{{$x}}", "12"],
    ["{{$x := 1}}{{if true}}{{$x := 2}}{{$x}}{{end}}{{$x}}", "21"],
    ["{{$x := 1}}{{range .Errors}}{{$x = .}}{{end}}{{$x}}", "b"],
    ["{{$last := 0}}{{range $i, $e := .Errors}}{{$last = $i}}{{end}}{{$last}}", "1"],
    ["{{$m := .Param}}{{$m.key}}", "v"],
    ["{{$a := 0}}{{$b := 0}}{{range $a, $b = .Errors}}{{end}}{{$a}}{{$b}}", "1b"],
    // Pipelines, from the package's own list of equal actions.
    ['{{"\\"output\\""}}', '"output"'],
    ["{{`\"output\"`}}", '"output"'],
    ['{{printf "%q" "output"}}', '"output"'],
    ['{{"output" | printf "%q"}}', '"output"'],
    ['{{printf "%q" (print "out" "put")}}', '"output"'],
    ['{{"put" | printf "%s%s" "out" | printf "%q"}}', '"output"'],
    ['{{"output" | printf "%s" | printf "%q"}}', '"output"'],
    ['{{with "output"}}{{printf "%q" .}}{{end}}', '"output"'],
    ['{{with $x := "output" | printf "%q"}}{{$x}}{{end}}', '"output"'],
    ['{{with $x := "output"}}{{printf "%q" $x}}{{end}}', '"output"'],
    ['{{with $x := "output"}}{{$x | printf "%q"}}{{end}}', '"output"'],
    // Functions.
    ["{{and 1 0}} {{and 1 2}} {{or 0 3}} {{or 0 .Empty}}| {{not 0}}", "0 2 3 | true"],
    ["{{and false .Nope}} {{or true .Nope}}", "false true"],
    ['{{eq .Name "web"}} {{eq .Name "a" "web"}} {{eq .Name "a"}} {{ne 1 2}}', "true true false true"],
    ['{{eq .Nothing "x"}} {{eq nil .Null}}', "false true"],
    ["{{lt 1 2}} {{le 2 2}} {{gt 1 2}} {{ge 2 2}} {{lt \"a\" \"b\"}}", "true true false true true"],
    ["{{len .Errors}} {{len .Param}} {{len .Name}} {{len \"\u00e9\"}}", "2 2 3 2"],
    ['{{index .Errors 1}} {{index .Param "key"}} [{{index .Param "no"}}] {{index .Disks 1 "name"}} {{index .Name 0}}', "b v [] two 119"],
    ["{{slice .Name 1}} {{slice .Name 1 2}} {{slice .Errors 1}}", "eb e [b]"],
    ['{{print 1 2 "a" "b" 3 4}} {{print .Name .CPUs}}', "1 2ab3 4 web2"],
    ['{{println "a" 1}}|', "a 1\n|"],
    ["{{html .Quote}}", "&lt;a href=&#34;x&#34;&gt;&#39;&amp;"],
    ["{{js .Quote}}", "\\u003Ca href\\u003D\\\"x\\\"\\u003E\\'\\u0026"],
    ['{{urlquery "a b&c/\u00e9"}}', "a+b%26c%2F%C3%A9"],
    // Named templates.
    ['{{define "t"}}<{{.}}>{{end}}{{template "t" .Name}}{{template "t"}}', "<web><>"],
    ['{{block "b" .Name}}[{{.}}]{{end}}', "[web]"],
    ['{{template "later" .}}{{define "later"}}{{$.Name}}{{end}}', "web"],
  ])("%p", (template, text) => expect(render(template)).toBe(text));

  test("puts values in raw and once", () => expect(render("{{.A}}", { A: "{{.B}} $& $1" })).toBe("{{.B}} $& $1"));

  test("keeps keys of any name apart from what objects inherit", () => {
    expect(render("{{.constructor}}")).toBe("1:3: no field constructor in .");
    expect(render("{{.Param.__proto__}}")).toBe("1:9: no field __proto__ in .Param");
    expect(render('[{{index .Param "toString"}}]')).toBe("[]");
  });

  test.each([
    // Names.
    ["{{.Nope}}", "1:3: no field Nope in ."],
    ["a\nb {{.Param.nope}}", "2:11: no field nope in .Param"],
    ["{{.Name.x}}", "1:8: no field x in .Name"],
    ["{{.Errors.x}}", "1:10: no field x in .Errors"],
    ["{{.Null.x}}", "1:8: no field x in .Null"],
    ["{{range .Disks}}{{.nope}}{{end}}", "1:19: no field nope in ."],
    ["{{$x := .Param}}{{$x.nope}}", "1:21: no field nope in $x"],
    ["{{$y}}", '1:3: undefined variable "$y"'],
    ["{{if true}}{{$x := 1}}{{end}}{{$x}}", '1:32: undefined variable "$x"'],
    ["{{$x := $x}}", '1:9: undefined variable "$x"'],
    ["{{$x = 1}}", '1:3: undefined variable "$x"'],
    ["{{upper .Name}}", '1:3: function "upper" not defined'],
    ['{{template "x"}}', '1:12: template "x" not defined'],
    // Blocks.
    ["{{if .Ok}}", "1:1: {{if}} without {{end}}"],
    ["a\n{{range .Errors}}{{else}}", "2:1: {{range}} without {{end}}"],
    ["{{end}}", "1:1: unexpected {{end}}"],
    ["{{else}}", "1:1: unexpected {{else}}"],
    ["{{if 1}}{{else}}{{else}}{{end}}", "1:17: unexpected {{else}} after {{else}}"],
    ["{{break}}", "1:1: {{break}} outside {{range}}"],
    ["{{range 1}}{{else}}{{continue}}{{end}}", "1:20: {{continue}} outside {{range}}"],
    ['{{if 1}}{{define "x"}}{{end}}{{end}}', "1:9: {{define}} inside another block"],
    ['{{define "x"}}{{end}}{{define "x"}}{{end}}', '1:22: template "x" is defined twice'],
    ["{{if}}x{{end}}", "1:5: missing value in if"],
    ["{{end x}}", '1:7: unexpected "x" in end'],
    // Actions.
    ["{{}}", "1:3: missing value in an action"],
    ["{{.Name", '1:1: "{{" without "}}", write {{"{{"}} for the two braces themselves'],
    ["{{/* x }}", "1:1: unclosed comment"],
    ["{{/* x */ .Name}}", '1:10: a comment must be followed by "}}"'],
    ['{{"a}}', '1:3: unclosed quote "\\"a}}"'],
    ["{{'ab'}}", "1:3: 'ab' is not one character, a text stands between double quotes"],
    ['{{"\\q"}}', '1:3: cannot read the escape \\q in "\\q"'],
    ["{{12ab}}", "1:3: cannot read the number 12ab"],
    ["{{08}}", "1:3: cannot read the number 08"],
    ["{{99999999999999999999}}", "1:3: the number 99999999999999999999 is too large"],
    ["{{.A ? .B}}", '1:6: unexpected "?" in an action'],
    ['{{.Name"x"}}', '1:8: unexpected "\\"x\\"" in an action'],
    ["{{.Name .CPUs}}", "1:3: cannot give arguments to what is no function in an action"],
    ["{{1 | 2}}", '1:7: only a function can come after "|" in an action'],
    ["{{.Name | .CPUs}}", '1:11: only a function can come after "|"'],
    ["{{(1}}", '1:3: unclosed "(" in an action'],
    ["{{1)}}", '1:4: unexpected ")" in an action'],
    ["{{.Name |}}", "1:10: missing value in an action"],
    ["{{$a := 1}}{{$a, $b := .Param}}", '1:16: unexpected "," in an action'],
    ["{{if if}}{{end}}", '1:6: unexpected "if" in if'],
    // Values.
    ["{{eq .Name 1}}", "1:3: eq: incompatible types for comparison: a text and a number"],
    ["{{eq .Errors .Errors}}", "1:3: eq: cannot compare a list"],
    ["{{lt true false}}", "1:3: lt: cannot order a boolean"],
    ["{{len 3}}", "1:3: len: a number has no length"],
    ["{{not}}", '1:3: wrong number of values for not: want 1, got 0'],
    ["{{slice .Name 1 2 3}}", '1:3: wrong number of values for slice: want 1 to 3, got 4'],
    ["{{index .Errors 2}}", "1:3: index: index out of range: 2"],
    ["{{index .Name \"x\"}}", "1:3: index: the index must be a whole number, got a text"],
    ["{{slice .Name 2 1}}", "1:3: slice: index out of range: 2"],
    ["{{range .Name}}{{end}}", "1:9: range cannot iterate over a text"],
    ["{{printf .CPUs}}", "1:3: printf: the format must be a text, got a number"],
  ])("%p is a fault", (template, fault) => expect(render(template)).toBe(fault));
});

describe("bounds", () => {
  test.each([
    ["loops in loops", `${"{{range 100000}}".repeat(10)}x${"{{end}}".repeat(10)}`, /steps|longer than/],
    ["loops of nothing", `${"{{range 1000000000}}".repeat(3)}${"{{end}}".repeat(3)}`, /steps/],
    ["a text that doubles", '{{$x := "0123456789"}}{{range 1000}}{{$x = print $x $x}}{{end}}', /too long/],
    ["a text printed many times", `{{$x := "0123456789"}}{{range 18}}{{$x = print $x $x}}{{end}}{{print ${"$x ".repeat(100_000)}}}`, /too long/],
    ["a text put out many times", `{{$x := "0123456789"}}{{range 18}}{{$x = print $x $x}}{{end}}${"{{$x}}".repeat(1000)}`, /longer than 16 MiB/],
    ["a format printed many times", `{{$x := "0123456789"}}{{range 18}}{{$x = print $x $x}}{{end}}{{printf "${"%s".repeat(100_000)}" ${"$x ".repeat(100_000)}}}`, /too long/],
    ["long texts compared for ever", '{{$x := "0123456789"}}{{range 18}}{{$x = print $x $x}}{{end}}{{range 1000000}}{{if eq $x "a"}}{{end}}{{end}}', /steps/],
    ["endless recursion", '{{define "x"}}{{template "x" .}}{{end}}{{template "x" .}}', /nested deeper/],
    ["wide recursion", '{{define "x"}}{{template "y" .}}{{template "y" .}}{{end}}{{define "y"}}{{if lt . 1}}{{end}}{{range 400}}{{template "z" .}}{{end}}{{end}}{{define "z"}}{{range 100000}}{{end}}{{end}}{{template "x" 1}}', /steps/],
    ["blocks in blocks", "{{if 1}}".repeat(100_000), /nested deeper/],
    ["else if without end", `{{if 0}}${"{{else if 0}}".repeat(100_000)}{{end}}`, /nested deeper/],
    ["parentheses", `{{${"(".repeat(1_000_000)}`, /nested deeper/],
    ["a width", '{{printf "%999999999d" 1}}', /width/],
    ["open braces", "{{ ".repeat(500_000), /unexpected/],
    ["spaces", `{{.Name${" ".repeat(1_000_000)}x}}`, /function "x"|arguments/],
    ["an open quote", `{{"${"\\a".repeat(500_000)}`, /unclosed quote/],
  ])("%s: a fault in seconds", (_, template, fault) => {
    const from = performance.now();
    expect(render(template)).toMatch(fault);
    expect(performance.now() - from).toBeLessThan(4000);
  });

  test("what people write is far from them", () => {
    const many = Array.from({ length: 10_000 }, (_, i) => ({ name: `n${i}`, size: i }));
    expect(render('{{range $i, $e := .}}{{if gt $e.size 5}}{{printf "%s=%d\\n" $e.name $i}}{{end}}{{end}}', many).split("\n")).toHaveLength(9995);
    expect(render("{{.Name}}".repeat(200_000))).toHaveLength(600_000);
    expect(render(Array.from({ length: 20_000 }, (_, i) => `{{$v${i} := ${i}}}{{$v${i}}}`).join(""))).toHaveLength(88_890);
  });
});
