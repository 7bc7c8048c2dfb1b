import type { ConfigInput } from "../input.ts";
import type { Config } from "../schema.ts";
import type { Filling } from "./filling.ts";
import { hostPath } from "./images.ts";

type Guest = Pick<Config, "env" | "param" | "dns" | "caCerts">;

function list(items: readonly (string | undefined)[] | undefined): readonly string[] {
  return (items ?? []).filter((item) => item !== undefined);
}

/** The last line end of a text is no part of a value that is one line: `KEY: |` leaves one. */
function oneLine(map: Readonly<Record<string, string>> | undefined): Record<string, string> {
  return Object.fromEntries(Object.entries(map ?? {}).map(([key, value]) => [key, value.replace(/\n$/, "")]));
}

/** What the guest's environment gets. */
export function fillGuest(input: ConfigInput, { host }: Filling): Guest {
  return {
    env: oneLine(input.env),
    param: { ...input.param },
    dns: list(input.dns),
    caCerts: {
      removeDefaults: input.caCerts?.removeDefaults ?? false,
      files: list(input.caCerts?.files).map((file) => hostPath(file, host)),
      certs: list(input.caCerts?.certs),
    },
  };
}
