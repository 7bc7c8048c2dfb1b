import { describe, expect, test } from "bun:test";
import { commandText, shellQuote, shellScript } from "./shell-script.ts";

test.each([
  ["plain-word_1.2/x:y,z@%+=", "plain-word_1.2/x:y,z@%+="],
  ["", "''"],
  ["a b", "'a b'"],
  ["it's", `'it'"'"'s'`],
  ["$HOME", "'$HOME'"],
  ["a\nb", "'a\nb'"],
  ["~", "'~'"],
])("shellQuote(%p)", (word, quoted) => expect(shellQuote(word)).toBe(quoted));

test.each<[readonly string[], string]>([
  [["ls", "-la"], "ls -la"],
  [["FOO=a b", "BAR=", "cmd", "X=y z"], "FOO='a b' BAR= cmd 'X=y z'"],
  [["--opt=a b", "FOO=1"], "'--opt=a b' FOO=1"],
  [["sh", "-c", "echo $1; exit 3"], "sh -c 'echo $1; exit 3'"],
])("commandText(%j)", (words, text) => expect(commandText(words)).toBe(text));

describe("shellScript()", () => {
  const shell = "/bin/bash";
  test("an interactive shell", () => expect(shellScript({ workdir: undefined, env: {}, shell, command: [] })).toBe("false ; exec /bin/bash -l"));
  test("a command, quoted twice", () => {
    expect(shellScript({ workdir: undefined, env: {}, shell, command: ["echo", "a b"] })).toBe(`false ; exec /bin/bash -l -c 'echo '"'"'a b'"'"''`);
  });
  test("a directory that must exist, and variables", () => {
    expect(shellScript({ workdir: "/my dir", env: { A: "1", B: "x y" }, shell: "/my shell", command: ["true"] })).toBe("cd '/my dir' || exit 1 ; exec env A=1 B='x y' '/my shell' -l -c true");
  });
});
