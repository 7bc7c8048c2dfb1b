import { writeSync } from "node:fs";

/** Progress of the build and the gate, on stderr: stdout is for results. Synchronous, so that it keeps its place among what children print. */
export function say(text: string): void {
  writeSync(2, `${text}\n`);
}

/** `0.3 s`, `2 min 05 s`. */
export function duration(ms: number): string {
  const s = ms / 1000;
  return s < 60 ? `${s.toFixed(1)} s` : `${Math.floor(s / 60)} min ${String(Math.floor(s % 60)).padStart(2, "0")} s`;
}
