import { describe, expect, test } from "bun:test";
import { argumentsAt, literalAt } from "./literals.ts";
import { sources } from "./sources.ts";

/** What is wrong with a message (or a hint, which is a clause of the same kind): see CONTRIBUTING.md. */
function faults(message: string): string[] {
  return [
    // An acronym or a name of the environment is no capital of a sentence; {{if}} is a quotation.
    /^(\p{Ll}|\{\{|\p{Lu}[\p{Lu}\d_]+\b|["\d]|\$\{\}|--)/u.test(message) ? "" : "must begin in lower case or with a quoted value",
    /[.!]$/.test(message) && !message.endsWith("...") ? "must not end with a full stop" : "",
    /\b(?:can|don|won|isn|doesn|couldn)['’]t\b/i.test(message) ? "must not be contracted: cannot, does not" : "",
    /\s$|^\s|\n/.test(message) ? "must be one line without space around it" : "",
  ].filter((fault) => fault !== "");
}

/** The literals that an expression can yield: itself, or both sides of `a ? "x" : "y"`. */
function literals(expression: string): string[] {
  const found: string[] = [];
  for (let i = 0; i < expression.length; i++) {
    const literal = literalAt(expression, i);
    if (!literal) continue;
    // What a template continues (`"a" + b`) or what is passed to a function is no whole message.
    if (/(^|[?:]\s*)$/.test(expression.slice(0, i)) && /^\s*([:?]|$)/.test(expression.slice(literal.end))) found.push(literal.text);
    i = literal.end - 1;
  }
  return found;
}

/** Faults of all LimaErrors made in a source, and of what is wrong with templates, which LimaErrors quote. */
function problems(text: string): string[] {
  return [...text.matchAll(/new (?:LimaError|(TemplateFault|ArgumentFault))\(/g)].flatMap(({ 0: match, 1: quoted, index }) => {
    const args = argumentsAt(text, index + match.length - 1);
    const [code = "", message = "", options = ""] = quoted === undefined ? args : ["", args[0]];
    const hint = /\bhint:\s*/.exec(options);
    const hintText = hint ? literalAt(options, hint.index + hint[0].length)?.text : undefined;
    return [
      ...literals(code).filter((name) => !/^[A-Z][A-Z0-9]*(_[A-Z0-9]+)*$/.test(name)).map((name) => `code ${name} must be UPPER_CASE`),
      ...[...literals(message), ...(hintText === undefined ? [] : [hintText])].flatMap((m) => faults(m).map((fault) => `${JSON.stringify(m)} ${fault}`)),
    ];
  });
}

test("errors shown to users follow the grammar of messages", async () => {
  const wrong = (await sources())
    .filter(({ path }) => !path.endsWith(".test.ts") && !path.startsWith("test/"))
    .flatMap(({ path, text }) => problems(text).map((problem) => `${path}: ${problem}`));
  expect(wrong).toEqual([]);
});

describe("problems()", () => {
  test.each([
    ['new LimaError("INVALID_PORT", "Invalid port")', "lower case"],
    ['new LimaError("INVALID_PORT", "invalid port.")', "full stop"],
    ['new LimaError("NO_START", "can\'t start")', "contracted"],
    ["new LimaError(\"NO_START\", `can't start \"${name(\"`\")}\"`)", "contracted"],
    ['new LimaError("NO_START", bad ? "cannot start" : "Cannot stop")', "lower case"],
    ['new TemplateFault("Unclosed comment", 3)', "lower case"],
    ["new ArgumentFault(`can't index ${describe(of)}`)", "contracted"],
    ['new LimaError("badCode", "cannot start")', "UPPER_CASE"],
    ['new LimaError("NO_START", `cannot start ${join(a, "b")}`, { hint: "Try again" })', "lower case"],
  ])("%s", (text, fault) => expect(problems(text).join()).toContain(fault));

  test.each([
    'new LimaError("NO_START", `cannot start "${name}": ${messageOf(error)}`, { hint: `run "lima start ${name}"`, cause: error })',
    'new LimaError("NO_START", "QEMU is not installed")',
    "new LimaError(code, text)",
    "new TemplateFault(`{{${kind}}} without {{end}}`, at)",
  ])("none in %s", (text) => expect(problems(text)).toEqual([]));
});

test("the one contraction is Go's own words, which scripts look for in the errors of list --format", async () => {
  const found = (await sources())
    .filter(({ path }) => !path.endsWith(".test.ts") && path.startsWith("lib/"))
    .flatMap(({ path, text }) => [...text.matchAll(/["'`]can't[^"'`]*["'`]/g)].map(([words]) => `${path}: ${words}`));
  expect(found).toEqual(['lib/instance/template-rules.ts: "can\'t evaluate field"']);
});
