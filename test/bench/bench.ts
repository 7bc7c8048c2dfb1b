/**
 * Times whole commands of the built executable against a peer in the same run, because these machines are noisy:
 * `bun test/bench/bench.ts [RUNS]`. Prints minimum, median and maximum in milliseconds. Needs a running instance
 * "default" for the last rows, which are left out without one.
 */
import { join } from "node:path";

const lima = join(import.meta.dir, "../../dist/bin/lima");
const runs = Number(process.argv[2] ?? 20);

async function time(argv: readonly string[]): Promise<number> {
  const start = performance.now();
  await Bun.spawn([...argv], { stdin: "ignore", stdout: "ignore", stderr: "ignore" }).exited;
  return performance.now() - start;
}

function row(name: string, times: number[]): string {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (q: number): string => (sorted[Math.floor((sorted.length - 1) * q)] ?? 0).toFixed(1).padStart(8);
  return `${name.padEnd(36)}${at(0)}${at(0.5)}${at(1)}`;
}

const listed = await new Response(Bun.spawn([lima, "list", "--format", "{{.Name}} {{.Status}} {{.SSHConfigFile}}"]).stdout).text();
const config = /^default Running (\S+)$/m.exec(listed)?.[1];
const cases: (readonly [string, readonly string[]])[] = [
  ["bash -c true (peer)", ["bash", "-c", "true"]],
  ["lima --version", [lima, "--version"]],
  ["lima --help", [lima, "--help"]],
  ["lima list", [lima, "list"]],
  ...(config === undefined ? [] : [
    ["ssh, login shell, true (peer)", ["ssh", "-F", config, "lima-default", "exec /bin/bash -l -c true"]],
    ["lima shell default true", [lima, "shell", "default", "true"]],
  ] as const),
];
process.stdout.write(`${"milliseconds".padEnd(36)}${["min", "median", "max"].map((h) => h.padStart(8)).join("")}   (${runs} runs)\n`);
const results = new Map<string, number[]>(cases.map(([name]) => [name, []]));
// One of each in turn, so that a busy spell of the machine hits all alike.
for (let i = 0; i < runs; i++) for (const [name, argv] of cases) results.get(name)?.push(await time(argv));
for (const [name, times] of results) process.stdout.write(`${row(name, times)}\n`);
