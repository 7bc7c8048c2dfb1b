import type { ConfigInput } from "../input.ts";
import type { Config } from "../schema.ts";
import { fillDevices } from "./devices.ts";
import type { Filling } from "./filling.ts";
import { fillGuest } from "./guest.ts";
import { fillImages } from "./images.ts";
import { fillMachine } from "./machine.ts";
import { fillScripts } from "./scripts.ts";
import { fillUser, guestData } from "./user.ts";

/**
 * Fills in every default: the third of the four steps. `mainParam` holds the main file's own parameters: texts are
 * expanded with those, while the guest sees the merged ones.
 */
export function fillDefaults(input: ConfigInput, mainParam: Readonly<Record<string, string>>, filling: Filling): Config {
  const machine = fillMachine(input, filling);
  const param = { ...input.param, ...mainParam };
  const user = fillUser(input, filling, param);
  return {
    ...machine,
    user,
    images: fillImages(input, machine.arch, filling),
    ...fillScripts(input, filling, guestData(filling.name, user, param)),
    ...fillDevices(input, filling),
    ...fillGuest(input, filling),
  };
}
