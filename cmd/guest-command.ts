import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Context } from "../lib/base/context.ts";
import { FILES } from "../lib/store/filenames.ts";
import type { FlagValue } from "./cli/define.ts";

type Env = Readonly<Record<string, string | undefined>>;

const given = (text: string | undefined): string | undefined => (text === "" ? undefined : text);

/** The instance that `lima WORD...` means. */
export function defaultInstance(env: Env): string {
  return given(env["LIMA_INSTANCE"]) ?? "default";
}

/** Flags of `lima shell` for a guest command of `lima`: the given ones, then what the environment says. */
export function guestFlags(env: Env, own: Readonly<Record<string, FlagValue>>): Readonly<Record<string, FlagValue>> {
  const workdir = given(env["LIMA_WORKDIR"]);
  const shell = given(env["LIMA_SHELL"]);
  return {
    instance: defaultInstance(env),
    ...(workdir === undefined ? {} : { workdir }),
    ...(shell === undefined ? {} : { shell }),
    ...own,
  };
}

export function hasInstance(ctx: Pick<Context, "home">, name: string): boolean {
  return existsSync(join(ctx.home, name, FILES.config));
}
