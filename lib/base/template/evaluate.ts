import { Budget } from "./budget.ts";
import { ArgumentFault, TemplateFault } from "./fault.ts";
import { BUILTINS, type TemplateFunction } from "./functions.ts";
import { MOST_TEXT, show } from "./print.ts";
import type { Command, Node, Operand, Pipe, Template } from "./syntax.ts";
import { describe, isTrue, sortedEntries } from "./values.ts";

/** A field that does not exist. */
export interface MissingField {
  readonly name: string;
  /** How its owner is written: `.Param`, `$x.A`, or "" for the dot. */
  readonly owner: string;
  readonly value: unknown;
}

/** What the data's owner decides. */
export interface Rules {
  /** Finds what is no own key of a map, or undefined when there is no such field. */
  readonly field?: ((owner: object, name: string) => { readonly value: unknown } | undefined) | undefined;
  /** The reason to show for a field that does not exist. */
  readonly missing: (field: MissingField) => string;
  /** Why a value cannot be inserted, where it cannot. */
  readonly printable?: ((value: unknown, written: string) => string | undefined) | undefined;
  readonly functions?: Readonly<Record<string, TemplateFunction>> | undefined;
}

type Jump = "break" | "continue" | undefined;

/** Values of the variables by slot, and the dot. */
interface Frame {
  readonly variables: unknown[];
  readonly dot: unknown;
}

/** How an operand is written, for messages. */
function written(operand: Operand): string {
  switch (operand.kind) {
    case "variable": return operand.name;
    case "fields": return `${written(operand.of)}${operand.names.map(([name]) => `.${name}`).join("")}`;
    case "pipe": return "(...)";
    case "dot": case "call": case "literal": return "";
  }
}

export class Evaluation {
  readonly #template: Template;
  readonly #rules: Rules;
  readonly #budget = new Budget();
  readonly #out: string[] = [];

  constructor(template: Template, rules: Rules) {
    this.#template = template;
    this.#rules = rules;
  }

  /** The text that the template makes of the data. Throws TemplateFault. */
  run(data: unknown): string {
    this.#list(this.#template.body, { variables: [data], dot: data });
    return this.#out.join("");
  }

  #emit(text: string): void {
    this.#budget.output(text.length);
    this.#out.push(text);
  }

  #list(nodes: readonly Node[], frame: Frame): Jump {
    for (const node of nodes) {
      const jump = this.#node(node, frame);
      if (jump !== undefined) return jump;
    }
    return undefined;
  }

  #node(node: Node, frame: Frame): Jump {
    switch (node.kind) {
      case "text": this.#emit(node.text); return undefined;
      case "print": this.#print(node.pipe, frame); return undefined;
      case "set": this.#pipe(node.pipe, frame); return undefined;
      case "break": case "continue": return node.kind;
      case "template": this.#named(node, frame); return undefined;
      case "range": return this.#range(node, frame);
      case "if": case "with": {
        const value = this.#pipe(node.pipe, frame);
        const holds = isTrue(value);
        const inner = holds && node.kind === "with" ? { ...frame, dot: value } : frame;
        return this.#budget.nested(node.pipe.at, () => this.#list(holds ? node.body : node.otherwise, inner));
      }
    }
  }

  #print(pipe: Pipe, frame: Frame): void {
    const value = this.#pipe(pipe, frame);
    const last = pipe.commands.at(-1);
    const reason = this.#rules.printable?.(value, last === undefined ? "" : written(last.first));
    if (reason !== undefined) throw new TemplateFault(reason, pipe.at);
    const text = show(value);
    this.#budget.step(pipe.at, text.length);
    this.#emit(text);
  }

  #named(node: Extract<Node, { kind: "template" }>, frame: Frame): void {
    const body = this.#template.defined.get(node.name);
    if (body === undefined) throw new TemplateFault(`template ${JSON.stringify(node.name)} not defined`, node.at);
    const dot = node.pipe === undefined ? undefined : this.#pipe(node.pipe, frame);
    this.#budget.step(node.at);
    this.#budget.nested(node.at, () => this.#list(body, { variables: [dot], dot }));
  }

  #range({ pipe, body, otherwise }: Extract<Node, { body: unknown }>, frame: Frame): Jump {
    const value = this.#pipe(pipe, frame, false);
    return this.#budget.nested(pipe.at, () => {
      let empty = true;
      for (const [key, item] of entriesOf(value, pipe.at)) {
        empty = false;
        this.#budget.step(pipe.at);
        const [first, second] = pipe.sets;
        if (first !== undefined) frame.variables[first] = second === undefined ? item : key;
        if (second !== undefined) frame.variables[second] = item;
        if (this.#list(body, { ...frame, dot: item }) === "break") break;
      }
      return empty ? this.#list(otherwise, frame) : undefined;
    });
  }

  /** The value of a pipeline; its variables are set to it unless `range` does that. */
  #pipe(pipe: Pipe, frame: Frame, set = true): unknown {
    let value: unknown;
    for (const [i, command] of pipe.commands.entries()) value = this.#command(command, frame, i === 0 ? [] : [value]);
    const [slot] = pipe.sets;
    if (set && slot !== undefined) frame.variables[slot] = value;
    return value;
  }

  #command({ first, args, at }: Command, frame: Frame, piped: readonly unknown[]): unknown {
    this.#budget.step(at);
    if (first.kind === "call") return this.#call(first.name, first.at, args, frame, piped);
    if (piped.length > 0) throw new TemplateFault(`only a function can come after "|"`, at);
    return this.#operand(first, frame);
  }

  #operand(operand: Operand, frame: Frame): unknown {
    switch (operand.kind) {
      case "literal": return operand.value;
      case "dot": return frame.dot;
      case "variable": return frame.variables[operand.slot];
      case "call": return this.#call(operand.name, operand.at, [], frame, []);
      case "pipe": return this.#budget.nested(operand.at, () => this.#pipe(operand.pipe, frame));
      case "fields": {
        let value = this.#operand(operand.of, frame);
        let owner = written(operand.of);
        for (const [name, at] of operand.names) {
          value = this.#field(value, name, at, owner);
          owner += `.${name}`;
        }
        return value;
      }
    }
  }

  #field(value: unknown, name: string, at: number, owner: string): unknown {
    // What is allowed to be missing has no parts either.
    if (value === undefined) return undefined;
    if (typeof value === "object" && value !== null && !Array.isArray(value)) {
      if (Object.hasOwn(value, name)) return (value as Record<string, unknown>)[name];
      const found = this.#rules.field?.(value, name);
      if (found !== undefined) return found.value;
    }
    throw new TemplateFault(this.#rules.missing({ name, owner, value }), at);
  }

  #call(name: string, at: number, args: readonly Operand[], frame: Frame, piped: readonly unknown[]): unknown {
    const count = args.length + piped.length;
    if (name === "and" || name === "or") {
      if (count === 0) throw new TemplateFault(`"${name}" needs a value`, at);
      let value: unknown;
      for (const arg of args) {
        value = this.#operand(arg, frame);
        if (isTrue(value) !== (name === "and")) return value;
      }
      return piped.length > 0 ? piped[0] : value;
    }
    const fn = functionNamed(name, this.#rules);
    const [least, most] = fn.takes;
    if (count < least || count > most) {
      const wanted = least === most ? String(least) : most === Number.POSITIVE_INFINITY ? `at least ${least}` : `${least} to ${most}`;
      throw new TemplateFault(`wrong number of values for ${name}: want ${wanted}, got ${count}`, at);
    }
    const values = [...args.map((arg) => this.#operand(arg, frame)), ...piped];
    try {
      const result = fn.run(...values);
      if (typeof result === "string" && result.length > MOST_TEXT) throw new ArgumentFault("the text is too long");
      this.#budget.step(at, [...values, result].reduce<number>((sum, value) => sum + (typeof value === "string" ? value.length : 0), 0));
      return result;
    } catch (error) {
      if (error instanceof ArgumentFault) throw new TemplateFault(`${name}: ${error.message}`, at);
      throw error;
    }
  }
}

function functionNamed(name: string, { functions }: Rules): TemplateFunction {
  const fn = functions !== undefined && Object.hasOwn(functions, name) ? functions[name] : BUILTINS[name];
  if (fn === undefined) throw new Error(`the parser let the unknown function "${name}" pass`);
  return fn;
}

function* entriesOf(value: unknown, at: number): Iterable<readonly [unknown, unknown]> {
  if (Array.isArray(value)) yield* value.entries();
  else if (typeof value === "object" && value !== null) yield* sortedEntries(value);
  else if (typeof value === "number" && Number.isInteger(value)) for (let i = 0; i < value; i++) yield [i, i];
  else if (value !== undefined && value !== null) throw new TemplateFault(`range cannot iterate over ${describe(value)}`, at);
}
