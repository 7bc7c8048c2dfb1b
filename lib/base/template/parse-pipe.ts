import type { Cursor } from "./cursor.ts";
import { TemplateFault } from "./fault.ts";
import { charLiteral, numberLiteral, stringLiteral } from "./literal.ts";
import type { Scope } from "./scope.ts";
import type { Command, Operand, Pipe } from "./syntax.ts";

/** What a pipeline may name, and how a wrong name is told. */
export interface Names {
  readonly functions: ReadonlySet<string>;
  readonly hint: (wrong: string, known: readonly string[]) => string;
}

const KEYWORDS = new Set(["break", "continue", "define", "block", "template", "if", "else", "end", "range", "with"]);

/** Parses what stands in an action: `$x := .A | printf "%s"`. */
export class PipeParser {
  readonly #cursor: Cursor;
  readonly #names: Names;

  constructor(cursor: Cursor, names: Names) {
    this.#cursor = cursor;
    this.#names = names;
  }

  /**
   * A pipeline up to the `}}` or `)` that ends it, which stays. `variables`: how many it may set; those it declares
   * are put into the scope after it, so that it cannot use them itself.
   */
  pipe(scope: Scope, where: string, variables: 0 | 1 | 2): Pipe {
    const cursor = this.#cursor;
    cursor.skip("space");
    const { at } = cursor.next;
    if (variables > 0 && cursor.at("variable")) {
      const first = cursor.take();
      const names = [first];
      const space = cursor.skip("space");
      if (variables === 2 && cursor.skip("sign", ",")) {
        cursor.skip("space");
        names.push(cursor.expect("variable", where));
        cursor.skip("space");
        if (!cursor.at("sign", ":=") && !cursor.at("sign", "=")) throw cursor.unexpected(where);
      }
      if (cursor.at("sign", ":=") || cursor.at("sign", "=")) {
        const declares = cursor.take().text === ":=";
        const known = names.map(({ text, at: place }) => (declares ? 0 : this.#slot(scope, text, place)));
        const commands = this.#commands(scope, where);
        return { at, sets: declares ? names.map(({ text }) => scope.declare(text)) : known, commands };
      }
      return { at, sets: [], commands: this.#commands(scope, where, this.#chain({ kind: "variable", name: first.text, slot: this.#slot(scope, first.text, at), at }, !space), space) };
    }
    return { at, sets: [], commands: this.#commands(scope, where) };
  }

  #slot(scope: Scope, name: string, at: number): number {
    const slot = scope.find(name);
    if (slot === undefined) throw new TemplateFault(`undefined variable "${name}"${this.#names.hint(name, scope.names())}`, at);
    return slot;
  }

  #commands(scope: Scope, where: string, started?: Operand, space = false): Command[] {
    const cursor = this.#cursor;
    const commands = [this.#command(scope, where, started, space)];
    while (cursor.skip("sign", "|")) {
      const command = this.#command(scope, where);
      if (command.first.kind === "literal" || command.first.kind === "dot") throw new TemplateFault(`only a function can come after "|" in ${where}`, command.at);
      commands.push(command);
    }
    return commands;
  }

  #command(scope: Scope, where: string, started?: Operand, startedSpace = false): Command {
    const cursor = this.#cursor;
    const operands: Operand[] = started === undefined ? [] : [started];
    let space = startedSpace || started === undefined;
    for (;;) {
      space = cursor.skip("space") || space;
      if (cursor.at("close") || cursor.at("end") || cursor.at("sign", "|") || cursor.at("sign", ")")) break;
      if (!space) throw cursor.unexpected(where);
      operands.push(this.#operand(scope, where));
      space = false;
    }
    const [first, ...args] = operands;
    if (first === undefined) throw new TemplateFault(`missing value in ${where}`, cursor.next.at);
    if (args.length > 0 && first.kind !== "call") throw new TemplateFault(`cannot give arguments to what is no function in ${where}`, first.at);
    return { at: first.at, first, args };
  }

  #operand(scope: Scope, where: string): Operand {
    const cursor = this.#cursor;
    const { kind, text, at } = cursor.next;
    if (kind === "field") return this.#chain({ kind: "dot", at }, true);
    if (kind === "sign" && text === "(") return this.#parenthesis(scope, where);
    const isDot = kind === "sign" && text === ".";
    if (!isDot && kind !== "variable" && kind !== "word" && kind !== "string" && kind !== "char" && kind !== "number") throw cursor.unexpected(where);
    cursor.take();
    switch (kind) {
      case "sign": return { kind: "dot", at };
      case "variable": return this.#chain({ kind, name: text, slot: this.#slot(scope, text, at), at }, true);
      case "word": return this.#word(text, at, where);
      case "string": return { kind: "literal", value: stringLiteral(text, at), at };
      case "char": return { kind: "literal", value: charLiteral(text, at), at };
      case "number": return { kind: "literal", value: numberLiteral(text, at), at };
    }
  }

  #parenthesis(scope: Scope, where: string): Operand {
    const { at } = this.#cursor.take();
    const pipe = this.#cursor.nested(() => this.pipe(scope, where, 0));
    if (!this.#cursor.skip("sign", ")")) throw new TemplateFault(`unclosed "(" in ${where}`, at);
    return this.#chain({ kind: "pipe", pipe, at }, true);
  }

  #word(text: string, at: number, where: string): Operand {
    if (text === "true" || text === "false") return { kind: "literal", value: text === "true", at };
    if (text === "nil") return { kind: "literal", value: null, at };
    if (KEYWORDS.has(text)) throw new TemplateFault(`unexpected "${text}" in ${where}`, at);
    if (!this.#names.functions.has(text)) throw new TemplateFault(`function "${text}" not defined${this.#names.hint(text, [...this.#names.functions])}`, at);
    return { kind: "call", name: text, at };
  }

  #chain(of: Operand, more: boolean): Operand {
    const names: (readonly [string, number])[] = [];
    while (more && this.#cursor.at("field")) {
      const { text, at } = this.#cursor.take();
      names.push([text.slice(1), at]);
    }
    return names.length === 0 ? of : { kind: "fields", of, names, at: of.at };
  }
}
