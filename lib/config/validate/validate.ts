import type { Problem } from "../problem.ts";
import type { Config } from "../schema.ts";
import { deviceProblems } from "./devices.ts";
import { guestProblems } from "./guest.ts";
import { imageProblems } from "./images.ts";
import { machineProblems, machineWarnings } from "./machine.ts";
import { scriptProblems, scriptWarnings } from "./scripts.ts";
import { userProblems } from "./user.ts";

const PROBLEMS = [machineProblems, userProblems, imageProblems, scriptProblems, deviceProblems, guestProblems];
const WARNINGS = [machineWarnings, scriptWarnings];

/** What is wrong with a filled configuration: the last of the four steps. Asks neither the host nor the disk. */
export function validateConfig(config: Config): Problem[] {
  return PROBLEMS.flatMap((check) => [...check(config)]);
}

/** What loads but is most likely not meant. */
export function configWarnings(config: Config): Problem[] {
  return WARNINGS.flatMap((check) => [...check(config)]);
}
