import { readSync } from "node:fs";
import { writeAll } from "./output.ts";

/** Reads one line from stdin, and not a byte more: what follows is for the program that comes after us. */
function readLine(): string {
  const byte = Buffer.alloc(1);
  const bytes: number[] = [];
  while (readSync(0, byte, 0, 1, null) === 1 && byte[0] !== 0x0a) bytes.push(byte[0] ?? 0);
  return Buffer.from(bytes).toString().trim();
}

/** A question on the terminal that is answered by yes unless the user says no. */
export function askYesNo(question: string): boolean {
  writeAll(2, `${question} [Y/n] `);
  return /^(y|yes|)$/i.test(readLine());
}
