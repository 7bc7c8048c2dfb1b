import { LimaError } from "../base/errors.ts";

/** Fragments that scripts and tests of the reference look for. */
export const ENV_DISABLED = "env operations have been disabled";
export const FILES_DISABLED = "file operations have been disabled";
export const SYSTEM_DISABLED = "system operations have been disabled";

const LONGEST = 200;

/**
 * What is wrong with an expression, or with what it does to a value.
 *
 * @param at Offset in the expression, from 0; the message counts from 1.
 */
export function expressionError(expression: string, at: number, reason: string): LimaError {
  const shown = expression.length > LONGEST ? `${expression.slice(0, LONGEST)}...` : expression;
  return new LimaError("EXPRESSION", `invalid expression ${JSON.stringify(shown)}: ${reason} (character ${at + 1})`);
}
