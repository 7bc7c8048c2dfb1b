import { Cursor } from "./cursor.ts";
import { TemplateFault } from "./fault.ts";
import { stringLiteral } from "./literal.ts";
import { type Names, PipeParser } from "./parse-pipe.ts";
import { Scope } from "./scope.ts";
import type { Node, Template } from "./syntax.ts";

/** What surrounds a list of nodes. */
interface Around {
  readonly scope: Scope;
  readonly top: boolean;
  /** `break` and `continue` have a meaning. */
  readonly inRange: boolean;
}

type Stop = "end" | "else" | "eof";
type Control = "if" | "with" | "range";

class Parser {
  readonly #cursor: Cursor;
  readonly #pipes: PipeParser;
  readonly defined = new Map<string, readonly Node[]>();

  constructor(source: string, names: Names) {
    this.#cursor = new Cursor(source);
    this.#pipes = new PipeParser(this.#cursor, names);
  }

  /** Nodes up to an `{{end}}` or `{{else` (taken, the rest of its action not) or the end of the text. */
  list(around: Around): { nodes: Node[]; stop: Stop; at: number } {
    const cursor = this.#cursor;
    const nodes: Node[] = [];
    for (;;) {
      const { kind, text, at } = cursor.take();
      if (kind === "end") return { nodes, stop: "eof", at };
      if (kind === "text") {
        nodes.push({ kind: "text", text });
        continue;
      }
      cursor.skip("space");
      if (cursor.at("word", "end")) {
        cursor.take();
        this.#close("end");
        return { nodes, stop: "end", at };
      }
      if (cursor.skip("word", "else")) return { nodes, stop: "else", at };
      const node = cursor.nested(() => this.#action(around, at));
      if (node !== undefined) nodes.push(node);
    }
  }

  #action(around: Around, at: number): Node | undefined {
    const cursor = this.#cursor;
    const word = cursor.at("word") ? cursor.next.text : "";
    switch (word) {
      case "if": case "with": case "range":
        cursor.take();
        return this.#control(word, around, at);
      case "break": case "continue":
        cursor.take();
        if (!around.inRange) throw new TemplateFault(`{{${word}}} outside {{range}}`, at);
        this.#close(word);
        return { kind: word };
      case "define": case "block": case "template":
        cursor.take();
        return this.#named(word, around, at);
    }
    const pipe = this.#pipes.pipe(around.scope, "an action", 1);
    this.#close("an action");
    return { kind: pipe.sets.length > 0 ? "set" : "print", pipe };
  }

  #control(kind: Control, { scope: outer, inRange: outerRange }: Around, at: number): Node {
    const scope = new Scope(outer);
    const pipe = this.#pipes.pipe(scope, kind, kind === "range" ? 2 : 1);
    this.#close(kind);
    const inRange = outerRange || kind === "range";
    const body = this.list({ scope: new Scope(scope), top: false, inRange });
    if (body.stop === "eof") throw new TemplateFault(`{{${kind}}} without {{end}}`, at);
    const otherwise = body.stop === "else" ? this.#otherwise(kind, { scope: new Scope(scope), top: false, inRange: outerRange }, at) : [];
    return { kind, pipe, body: body.nodes, otherwise };
  }

  /** What comes after `{{else`: `}}` and a list, or `if` and `with`, which share the `{{end}}`. */
  #otherwise(kind: Control, around: Around, at: number): readonly Node[] {
    const cursor = this.#cursor;
    const space = cursor.skip("space");
    if (space && kind !== "range" && cursor.at("word", kind)) {
      const place = cursor.take().at;
      return [cursor.nested(() => this.#control(kind, around, place))];
    }
    this.#close("else");
    const { nodes, stop, at: place } = this.list(around);
    if (stop === "eof") throw new TemplateFault(`{{${kind}}} without {{end}}`, at);
    if (stop === "else") throw new TemplateFault(`unexpected {{else}} after {{else}}`, place);
    return nodes;
  }

  #named(word: "define" | "block" | "template", { scope, top }: Around, at: number): Node | undefined {
    const cursor = this.#cursor;
    cursor.skip("space");
    const token = cursor.expect("string", word);
    const name = stringLiteral(token.text, token.at);
    cursor.skip("space");
    const pipe = word !== "define" && !cursor.at("close") ? this.#pipes.pipe(scope, word, 0) : undefined;
    if (word === "block" && pipe === undefined) throw new TemplateFault("missing value in block", cursor.next.at);
    this.#close(word);
    if (word !== "template") {
      if (word === "define" && !top) throw new TemplateFault("{{define}} inside another block", at);
      const { nodes, stop, at: place } = this.list({ scope: new Scope(), top: false, inRange: false });
      if (stop !== "end") throw new TemplateFault(stop === "eof" ? `{{${word}}} without {{end}}` : "unexpected {{else}}", stop === "eof" ? at : place);
      if (this.defined.has(name)) throw new TemplateFault(`template ${JSON.stringify(name)} is defined twice`, at);
      this.defined.set(name, nodes);
      if (word === "define") return undefined;
    }
    return { kind: "template", at: token.at, name, pipe };
  }

  #close(where: string): void {
    this.#cursor.skip("space");
    this.#cursor.expect("close", where);
  }
}

/**
 * Parses a template of the language of Go's text/template: actions, pipelines, variables, `if`, `with`, `range`,
 * `break`, `continue`, `define`, `block`, `template`, comments and trim marks, as https://pkg.go.dev/text/template
 * describes them. Throws TemplateFault.
 */
export function parseTemplate(source: string, names: Names): Template {
  const parser = new Parser(source, names);
  const { nodes, stop, at } = parser.list({ scope: new Scope(), top: true, inRange: false });
  if (stop !== "eof") throw new TemplateFault(`unexpected {{${stop}}}`, at);
  return { body: nodes, defined: parser.defined };
}
