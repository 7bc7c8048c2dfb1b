import { join } from "node:path";
import { ROOT } from "./stamp.ts";

/** A command of a lane; counted as one test, or by the tests that `bun test` reports. */
export interface Step {
  readonly argv: readonly string[];
  /** True for `bun test`. */
  readonly tests: boolean;
  /** The step is killed and has failed after this many minutes. */
  readonly limitMinutes: number;
}

export interface Lane {
  readonly name: string;
  /** Works on what `build` makes: has failed, without being run, when the build has. */
  readonly needsBuild?: true;
  readonly steps: () => Promise<readonly Step[]>;
}

const bin = (name: string): string => join(ROOT, "node_modules/.bin", name);

async function files(patterns: readonly string[]): Promise<string[]> {
  const found = new Set<string>();
  for (const pattern of patterns) {
    for await (const name of new Bun.Glob(pattern).scan({ cwd: ROOT, dot: true })) if (!/^(node_modules|dist|\.git)\//.test(name)) found.add(name);
  }
  return [...found].sort();
}

const command = (argv: readonly string[]): Step[] => [{ argv, tests: false, limitMinutes: 10 }];

function testStep(paths: readonly string[], limits: { testSeconds: number; minutes: number }): Step {
  // A path that begins with ./ is a file; anything else would be a filter on names, and x.cli.test.ts would match none.
  return { argv: [process.execPath, "test", `--timeout=${limits.testSeconds * 1000}`, ...paths.map((p) => `./${p}`)], tests: true, limitMinutes: limits.minutes };
}

async function unit(): Promise<readonly Step[]> {
  const paths = await files(["{lib,cmd,drivers,guest}/**/*.test.ts", "test/arch/**/*.test.ts"]);
  return paths.length === 0 ? [] : [testStep(paths, { testSeconds: 15, minutes: 10 })];
}

/** SC2187: a busybox script is checked as one for dash; so it should be. */
const SHELLCHECK = ["--exclude=SC2187"];

/** All lanes in the order in which the gate runs them: what fails fast first. */
export const lanes: readonly Lane[] = [
  { name: "lint", steps: async () => command([bin("oxlint"), "--type-aware", "--deny-warnings"]) },
  { name: "types", steps: async () => command([bin("tsc"), "--noEmit", "-p", "."]) },
  { name: "shellcheck", steps: async () => command(["shellcheck", ...SHELLCHECK, ...(await files(["**/*.sh", "**/*.bash", ".ci/run"]))]) },
  { name: "unit", steps: unit },
  { name: "build", steps: async () => command([process.execPath, ".ci/build.ts"]) },
  {
    name: "cli",
    needsBuild: true,
    steps: async () => (await files(["test/cli/**/*.cli.test.ts"])).map((path) => testStep([path], { testSeconds: 60, minutes: 10 })),
  },
  {
    // One file after the other: two emulated guests at a time starve each other into their deadlines.
    name: "vm",
    needsBuild: true,
    steps: async () => (await files(["test/vm/**/*.vm.test.ts"])).map((path) => testStep([path], { testSeconds: 900, minutes: 40 })),
  },
];
