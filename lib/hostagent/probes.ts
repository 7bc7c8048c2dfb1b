import { messageOf } from "../base/errors.ts";
import type { Logger } from "../base/log.ts";
import type { Probe } from "../config/schema.ts";
import type { SshLink } from "./ssh-link.ts";

/** All tries of one probe together. */
const PROBE_DEADLINE_MS = 10 * 60_000;
const PROBE_PAUSE_MS = 1000;

/**
 * Reads the template's parameters from the seed image, as PARAM_* variables, then hands the rest of stdin (the script)
 * to its interpreter. Without a readable seed image there are no parameters.
 */
const WRAPPER = [
  'while IFS= read -r line; do case "$line" in PARAM_*=*) export "${line?}";; esac; done <<EOF',
  "$(sudo -n cat /mnt/lima-cidata/param.env 2>/dev/null)",
  "EOF",
].join("\n");

function quote(text: string): string {
  return `'${text.replaceAll("'", `'"'"'`)}'`;
}

/** Runs every readiness probe until it succeeds or its time is up. Returns one line for each that did not. */
export async function runProbes(ssh: SshLink, probes: readonly Probe[], log: Logger, signal: AbortSignal): Promise<string[]> {
  const problems: string[] = [];
  for (const probe of probes) {
    log.info(`waiting for the probe "${probe.description}"`);
    const interpreter = /^#!\s*(.*?)\s*$/m.exec(probe.script)?.[1] ?? "/bin/sh";
    const deadline = performance.now() + PROBE_DEADLINE_MS;
    let last = "";
    for (;;) {
      if (signal.aborted) return problems;
      try {
        const result = await ssh.exec(`sh -c ${quote(`${WRAPPER}\nexec ${interpreter}`)}`, probe.script);
        if (result.exitCode === 0) break;
        last = result.stderr.trim().split("\n").at(-1) ?? "";
      } catch (error) {
        last = messageOf(error);
      }
      if (performance.now() > deadline) {
        problems.push(`probe "${probe.description}" failed: ${last}${probe.hint === "" ? "" : ` (hint: ${probe.hint.trim()})`}`);
        break;
      }
      await Bun.sleep(PROBE_PAUSE_MS);
    }
  }
  return problems;
}
