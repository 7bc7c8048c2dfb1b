import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Context } from "../lib/base/context.ts";
import { LimaError } from "../lib/base/errors.ts";
import { which } from "../lib/host/which.ts";
import type { Process } from "./dispatch.ts";
import { hasInstance } from "./guest-command.ts";

type Env = Readonly<Record<string, string | undefined>>;

interface Wrapper {
  /** Instances to look for when LIMA_INSTANCE is not set; the first that exists. */
  readonly instances: readonly string[];
  /** The words to run in the guest before the arguments. */
  readonly guest: (env: Env) => readonly string[];
  readonly preserveEnv?: boolean;
  /**
   * The host's own program is used instead when it is installed and `file` (in the instance directory) shows that it
   * can reach the guest.
   */
  readonly host?: { readonly variable: string; readonly program: string; readonly args: readonly string[]; readonly file: string; readonly env: (path: string) => Readonly<Record<string, string>> };
}

const bindPath = (env: Env): string => [env["APPTAINER_BINDPATH"], env["HOME"]].filter((p) => p !== undefined && p !== "").join(",");

/** The faces `NAME.lima`: a program of the guest, called like one of the host. */
export const wrappers: Readonly<Record<string, Wrapper>> = {
  "nerdctl.lima": { instances: ["default"], guest: () => ["nerdctl"], preserveEnv: true },
  "docker.lima": {
    instances: ["docker"],
    guest: () => ["docker"],
    host: { variable: "DOCKER", program: "docker", args: [], file: "sock/docker.sock", env: (path) => ({ DOCKER_HOST: `unix://${path}` }) },
  },
  "podman.lima": {
    instances: ["podman"],
    guest: () => ["podman"],
    host: { variable: "PODMAN", program: "podman", args: ["--remote"], file: "sock/podman.sock", env: (path) => ({ CONTAINER_HOST: `unix://${path}` }) },
  },
  "kubectl.lima": {
    instances: ["k3s", "k8s"],
    guest: () => ["sudo", "kubectl"],
    host: { variable: "KUBECTL", program: "kubectl", args: [], file: "copied-from-guest/kubeconfig.yaml", env: (path) => ({ KUBECONFIG: path }) },
  },
  "apptainer.lima": { instances: ["apptainer"], guest: (env) => [`APPTAINER_BINDPATH=${bindPath(env)}`, "apptainer"] },
};

/** Which instance a wrapper works with. Throws LimaError `INSTANCE_NOT_FOUND` when there is none. */
export function wrapperInstance(wrapper: Pick<Wrapper, "instances">, ctx: Pick<Context, "home" | "env">): string {
  const set = ctx.env["LIMA_INSTANCE"];
  const candidates = set !== undefined && set !== "" ? [set] : wrapper.instances;
  const found = candidates.find((name) => hasInstance(ctx, name));
  if (found !== undefined) return found;
  const [first = "default"] = candidates;
  throw new LimaError("INSTANCE_NOT_FOUND", `instance "${first}" does not exist`, { hint: `run "lima start${first === "default" ? "" : ` template:${first}`}" to create it` });
}

/** Runs `NAME.lima ARGS`. */
export async function runWrapper(name: string, proc: Process, argv: readonly string[]): Promise<void> {
  const wrapper = wrappers[name];
  if (!wrapper) throw new Error(`no wrapper ${name}`);
  const ctx = proc.context({});
  const instance = wrapperInstance(wrapper, ctx);
  const { host } = wrapper;
  if (host) {
    const path = join(ctx.home, instance, host.file);
    const program = which(ctx.env[host.variable] ?? host.program, ctx.env);
    if (program !== undefined && existsSync(path)) {
      const { replaceProcess } = await import("../lib/host/replace.ts");
      replaceProcess([program, ...host.args, ...argv], host.env(path));
    }
  }
  const { default: shell } = await import("./shell.ts");
  const flags = { instance, ...(wrapper.preserveEnv === true ? { "preserve-env": true } : {}) };
  await shell.run({ flags, rest: [...wrapper.guest(ctx.env), ...argv], dash: undefined, ctx, out: proc.out });
}
