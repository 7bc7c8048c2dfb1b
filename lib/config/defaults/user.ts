import type { TextData } from "../expand.ts";
import { guestHostname } from "../identifier.ts";
import type { ConfigInput } from "../input.ts";
import type { Config } from "../schema.ts";
import { isAtLeast } from "../version.ts";
import { expanded, type Filling } from "./filling.ts";

type User = Config["user"];

/** Used where the host's own name or ids cannot be the guest's. */
const FALLBACK_NAME = "lima";
const FALLBACK_ID = 1000;

function defaultName({ host, madeBy }: Filling): string {
  const { name } = host.user;
  if (name === "root" || !/^[a-z_][a-z0-9_-]*$/.test(name)) return FALLBACK_NAME;
  return name === "admin" && isAtLeast(madeBy, "1.0.0") ? FALLBACK_NAME : name;
}

/** Root and hosts without numeric ids (Windows gives -1) get the ids of a first user. */
function idOf(host: number): number {
  return host > 0 ? host : FALLBACK_ID;
}

/** Variables of texts that are for the guest. */
export function guestData(name: string, user: Pick<User, "name" | "uid" | "home">, param: Readonly<Record<string, string>>): TextData {
  return { Name: name, Hostname: guestHostname(name), UID: user.uid, User: user.name, Home: user.home, Param: param };
}

/** The guest's user: as the host's, so that files shared between them have one owner. */
export function fillUser(input: ConfigInput, filling: Filling, param: Readonly<Record<string, string>>): User {
  const { user = {} } = input;
  const { host } = filling;
  const name = user.name || defaultName(filling);
  const uid = user.uid ?? idOf(host.user.uid);
  // Before 2.1 the home was .linux; a directory keeps what its guest has.
  const home = user.home || (isAtLeast(filling.madeBy, "2.1.0") ? "/home/{{.User}}.guest" : "/home/{{.User}}.linux");
  return {
    name,
    comment: user.comment ?? (host.user.uid === 0 ? "" : host.user.fullName),
    home: expanded(filling, ["user", "home"], home, guestData(filling.name, { name, uid, home }, param)),
    shell: user.shell || "/bin/bash",
    uid,
    // A root group would be no group of an ordinary user.
    gid: user.gid ?? (host.user.uid > 0 ? idOf(host.user.gid) : FALLBACK_ID),
  };
}
