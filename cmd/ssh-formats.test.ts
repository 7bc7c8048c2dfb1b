import { expect, test } from "bun:test";
import { sshText } from "./ssh-formats.ts";

const OPTIONS = ['IdentityFile="/h/_config/user"', "User=joe", "Port=60022"];

test.each([
  ["cmd", `ssh -o 'IdentityFile="/h/_config/user"' -o User=joe -o Port=60022 lima-x\n`],
  ["args", `-o 'IdentityFile="/h/_config/user"' -o User=joe -o Port=60022\n`],
  ["options", 'IdentityFile="/h/_config/user"\nUser=joe\nPort=60022\n'],
  ["config", 'Host lima-x\n  IdentityFile "/h/_config/user"\n  User joe\n  Port 60022\n'],
] as const)("sshText(%p)", (format, text) => expect(sshText(format, "lima-x", OPTIONS)).toBe(text));
