import { parseYaml } from "../config/parse-yaml.ts";
import type { Cell } from "./cell.ts";
import { Unfit } from "./cell.ts";
import { fromPlain } from "./node.ts";
import type { Run } from "./run.ts";

/** `strenv(X)`: the variable as text; `env(X)`: as the YAML that it holds. */
export function envCell(variable: string, asText: boolean, run: Run): Cell {
  const text = run.env[variable];
  if (text === undefined) throw new Unfit(`variable ${variable} is not set`);
  return asText ? run.of(text) : run.cell(fromPlain(parseYaml(text, `$${variable}`).value));
}
