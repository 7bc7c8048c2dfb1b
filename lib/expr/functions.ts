import { COLLECTIONS } from "./collections.ts";
import { contains } from "./compare.ts";
import { ENTRIES } from "./entries.ts";
import type { FunctionDef } from "./function.ts";
import { truthy } from "./node.ts";
import { STRINGS } from "./strings.ts";

const LOGIC: Readonly<Record<string, FunctionDef>> = {
  not: { takes: [0, 0], run: ({ input, run }) => [run.of(!truthy(input.node))] },
  empty: { takes: [0, 0], run: () => [] },
  select: {
    takes: [1, 1],
    run: ({ input, args, run }) => (args.some((arg) => run.eval(arg, input).some(({ node }) => truthy(node))) ? [input] : []),
  },
  contains: {
    takes: [1, 1],
    run: ({ input, args, run }) => args.flatMap((arg) => run.eval(arg, input)).map(({ node }) => run.of(contains(input.node, node, run))),
  },
};

const CHANGES: Readonly<Record<string, FunctionDef>> = {
  del: {
    takes: [1, 1],
    run: ({ input, args, run }) => {
      // From the back, so that the places of those before stay what they are.
      for (const cell of args.flatMap((arg) => run.eval(arg, input)).reverse()) cell.remove();
      return [input];
    },
  },
  with: {
    takes: [2, 2],
    run: ({ input, args: [place, body], run }) => {
      if (place !== undefined && body !== undefined) for (const cell of run.eval(place, input)) run.eval(body, cell);
      return [input];
    },
  },
};

/** All functions by name, without underscores. */
export const FUNCTIONS: ReadonlyMap<string, FunctionDef> = new Map(Object.entries({ ...LOGIC, ...CHANGES, ...COLLECTIONS, ...ENTRIES, ...STRINGS }));
