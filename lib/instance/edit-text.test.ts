import { expect, test } from "bun:test";
import { editText } from "./edit-text.ts";

test("editText() applies expressions after some flags and before the others", async () => {
  const text = "cpus: 1  # one\nparam: {a: x}\n";
  expect(await editText(text, { cpus: 2, memory: 2, param: { b: "2" }, disk: 5, set: [".cpus += 2 | .disk = \"1GiB\"", ".param.b = \"1\""] }, "f"))
    .toBe("cpus: 4  # one\nparam: {a: x, b: \"2\"}\nmemory: 2GiB\ndisk: 5GiB\n");
});

test("editText() without anything to do gives the same bytes", async () => {
  for (const edits of [{}, { set: [] }, { set: ["", " "] }]) expect(await editText("a:   1\n\n\n", edits, "f")).toBe("a:   1\n\n\n");
});

test("editText() names the flag, the expression and the position", async () => {
  expect(editText("a: 1", { set: [".a = 2", ".b = frob(1)"] }, "f")).rejects.toThrow('while processing flag "set": invalid expression ".b = frob(1)": unknown function "frob" (character 6)');
});
