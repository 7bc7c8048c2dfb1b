import { describe, expect, test } from "bun:test";
import { matches, query } from "./query.ts";

const VALUE = {
  name: "web", status: "Running", cpus: 2, ratio: 1.5, on: true, off: false, nothing: null,
  list: [3, 1, 2, 1], words: ["b", "a"], nested: [1, [2, [3]]],
  images: [{ arch: "x86_64", n: 2 }, { arch: "aarch64", n: 1 }], "a-b": 1, "with space": { "x.y": 5 },
};

const plain = (results: readonly unknown[]): unknown => JSON.parse(JSON.stringify(results));

describe("query()", () => {
  test.each<[string, ...unknown[]]>([
    // Paths.
    [".name", "web"], ["", VALUE], [".", VALUE], [".a-b", 1], ['."with space"."x.y"', 5], ['.["with space"]["x.y"]', 5], [".nope.deeper", null], [".name.x", null],
    [".list[0]", 3], [".list.[1]", 1], [".list[-1]", 1], [".list[9]", null], [".list[1:3]", [1, 2]], [".list[:-2]", [3, 1]], [".list[]", 3, 1, 2, 1], [".images[].arch", "x86_64", "aarch64"], [".nope[]"],
    [".[\"na\" + \"me\"]", "web"], [".list[.cpus]", 2], [".images[0] | ..", { arch: "x86_64", n: 2 }, "x86_64", 2], [".images?", VALUE.images], ["# a comment\n.name # more", "web"],
    // Literals.
    ["1", 1], ["0x1F", 31], ["1.5e1", 15], ["-3", -3], ['"a\\"\\n\\\\d\\u0041"', 'a"\n\\dA'], ["null", null], ["~", null], ["true, false", true, false], ["[]", []], ["{}", {}],
    ["[1, \"a\", [true]]", [1, "a", [true]]], ["{a: 1, \"b c\": .name, (.status): 2}", { a: 1, "b c": "web", Running: 2 }], ["{\"n\": .words[]}", { n: "b" }, { n: "a" }], ["{__proto__: 1} | keys", ["__proto__"]],
    // Arithmetic, all alike and from the left.
    ["1 + 2", 3], ["1 + 2 * 3", 9], ["1 + (2 * 3)", 7], ["7 / 2", 3.5], ["7 % 4", 3], [".cpus-1", null], [".cpus - 1", 1], ['"a" + "b"', "ab"], ['"a" + 1', "a1"], ["null + 1", 1], [".list + [9]", [3, 1, 2, 1, 9]],
    ["{a: 1, b: 1} + {b: 2}", { a: 1, b: 2 }], [".list - [1]", [3, 2]], ['"a,b" / ","', ["a", "b"]], ["{a: {b: 1}} * {a: {c: 2}}", { a: { b: 1, c: 2 } }], ["{a: [1]} * {a: [2]}", { a: [2] }],
    ["{a: [1]} *+ {a: [2]}", { a: [1, 2] }], ["{a: [{b: 1}]} *d {a: [{c: 2}]}", { a: [{ b: 1, c: 2 }] }], ["{a: {b: 1}} * {a: null}", { a: null }], ["null * {a: 1}", { a: 1 }], ["{a: 1} *n {a: 2, b: 3}", { a: 1, b: 3 }], ["{a: 1} *? {a: 2, b: 3}", { a: 2 }],
    // Comparisons and logic.
    [".cpus == 2", true], [".cpus != 2", false], ['.status == "Run*"', true], ['.status == "r*"', false], ['.cpus == "2"', false], [".nope == null", true], [".cpus >= 2 and .ratio < 2", true], ['"a" < "b"', true], ["null < 1", false], ["null <= null", true],
    [".images[0] == {\"n\": 2, \"arch\": \"x86_64\"}", true], [".off or .on", true], [".off and .nope.x", false], [".on | not", false], [".nope // \"d\"", "d"], [".off // .nope // 3", 3], [".cpus // 9", 2],
    // Functions.
    [".list | length", 4], [".name | length", 3], ["\"☃😀\" | length", 2], [".nope | length", 0], [".images[0] | length", 2], [".images[0] | keys", ["arch", "n"]], [".list | keys", [0, 1, 2, 3]], ["has(\"cpus\")", true], [".list | has(9)", false],
    [".images | map(.n)", [2, 1]], [".images[0] | map_values(. )", { arch: "x86_64", n: 2 }], ["{a: 1, b: 2} | map_values(. + 1)", { a: 2, b: 3 }], [".images[] | select(.n > 1) | .arch", "x86_64"],
    ["{a: 1} | to_entries", [{ key: "a", value: 1 }]], ["[{key: \"k\", value: [1]}] | from_entries", { k: [1] }], ["{a: 1, b: 2} | with_entries(.key |= upcase)", { A: 1, B: 2 }],
    [".list | contains([1, 2])", true], [".images | contains([{arch: \"aarch\"}])", true], [".name | contains(\"eb\")", true], [".list | contains([7])", false],
    [".list | any", true], ["[false, null] | any", false], ["[true, 1] | all", true], ["[] | all", true], [".images | any_c(.n == 2)", true], [".images | all(.n == 2)", false],
    [".list | unique", [3, 1, 2]], [".images + .images | unique_by(.arch) | length", 2], [".list | sort", [1, 1, 2, 3]], [".images | sort_by(.n) | .[0].arch", "aarch64"], [".images | sort_by(.arch, .n) | .[].n", 1, 2], [".list | reverse", [1, 2, 1, 3]], [".list | group_by(.)", [[3], [1, 1], [2]]],
    [".list | first", 3], ["[] | first"], [".list | first(. < 3)", 1], [".list | last", 1], [".list | min", 1], [".list | max", 3], [".nested | flatten", [1, 2, 3]], [".nested | flatten(1)", [1, 2, [3]]],
    [".words | join(\"-\")", "b-a"], ["\"a b\" | split(\" \")", ["a", "b"]], [".name | test(\"^w.b$\")", true], [".name | sub(\"(w)(e)\", \"$2$1\")", "ewb"], ["\"a-b-c\" | sub(\"-\"; \"\")", "abc"], [".cpus | to_string", "2"], ["\"0x10\" | to_number", 16], ["\" 1.5\" | tonumber", 1.5],
    ["[1, {a: null}] | to_json", '[1,{"a":null}]'], [".name | upcase | downcase | trim", "web"], ["(.cpus, .name, .list, ., .nothing, .ratio) | tag", "!!int", "!!str", "!!seq", "!!map", "!!null", "!!float"], ["empty"],
    ["{b: 1, a: 2} | sort_keys(.) | keys", ["a", "b"]], [".nope = 1 | .nope", 1], ["del(.images) | has(\"images\")", false],
    // What binds tighter than what: a pipe than "," and "and".
    ["1, 2 | . + 1", 1, 3], ["true and false | not", true],
  ])("%s", (expression, ...expected) => {
    expect(plain(query(VALUE, [expression]))).toEqual(plain(expected));
  });

  test("expressions are piped, and the value does not change", () => {
    const value = { a: [1, 2] };
    expect(query(value, [".a[] ", ". + 1", "."])).toEqual([2, 3]);
    query(value, [".a = 5"]);
    expect(value).toEqual({ a: [1, 2] });
  });

  test("matches() wants all of them", () => {
    expect(matches(VALUE, ['.status == "Running"', ".cpus > 1"])).toBe(true);
    expect(matches(VALUE, ['.status == "Running"', ".cpus > 2"])).toBe(false);
    expect(matches(VALUE, [".nope[]"])).toBe(false);
    expect(matches(VALUE, [])).toBe(true);
  });

  test("variables of the environment, where they are allowed", () => {
    const env = { A: "[1, x]" };
    expect(query(null, ["env(A)"], { env })).toEqual([[1, "x"]]);
    expect(query(null, ["strenv(A)"], { env })).toEqual(["[1, x]"]);
    expect(() => query(null, ["env(B)"], { env })).toThrow("variable B is not set");
  });
});

describe("errors have the place", () => {
  test.each([
    ["frob(.a)", 'invalid expression "frob(.a)": unknown function "frob" (character 1)'],
    [".a = 1 ^ 2", 'unknown operator "^" (character 8)'], [".a |& .b", "unknown operator \"&\" (character 5)"], [".a ==", "expected a value before the end (character 6)"], [".a )", 'unexpected ")" (character 4)'], ["(.a", 'expected ")" before the end (character 4)'],
    [".a .b 1", 'unexpected "1" (character 7)'], ["[1, 2", 'expected "]"'], ["{a 1}", 'expected ":" before "1"'], ["{[]: 1}", 'expected a key before "["'], ['"a', "the string has no closing quote (character 1)"], ['"\\(.a)"', "interpolation in strings is not supported (character 2)"],
    [".a as $x | $x", "variables are not supported (character 7)"], [".a = .b = 1", 'put parentheses around one side of "=", it follows an assignment (character 9)'], ["select()", 'expected a value before ")"'], ["select", "select takes 1 argument, not 0"], ["with(.a)", "with takes 2 arguments, not 1"],
    ["env(X)", "env operations have been disabled (character 1)"], ["strenv(X)", "env operations have been disabled"], ['"x" | envsubst', "env operations have been disabled (character 7)"], ['load("f")', "file operations have been disabled"], ['load_str("f")', "file operations have been disabled"], ['system("ls")', "system operations have been disabled"],
    [".list + {}", undefined], [".name - 1", "cannot subtract a string and a number (character 7)"], ["{} / 2", "cannot divide a map and a number"], ["1 % 0", "cannot take the remainder of a division by 0"], [".name < 1", "cannot compare a string with a number"], [".name | sort", "sort takes a list, not a string (character 9)"],
    [".list[{}]", "a map is no index"], ["{(.list): 1}", "a list cannot be a key"], ['"x" | to_number', "cannot convert a string to a number"], ['.name | test("(")', 'invalid regular expression "(": missing ")"'], ['.name | test("(?=a)")', "only plain groups"], ["[[1]] | join(\"\")", "join takes a list of scalars"],
  ])("%s", (expression, message) => {
    if (message === undefined) expect(() => query(VALUE, [expression])).not.toThrow();
    else expect(() => query(VALUE, [expression])).toThrow(message);
  });
});
