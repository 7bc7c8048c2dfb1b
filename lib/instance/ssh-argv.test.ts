import { expect, test } from "bun:test";
import { optionsOfSshConfig, portOfSshConfig } from "../ssh/config-file.ts";
import { sshConfigText } from "../ssh/options.ts";
import { sshArgv } from "./ssh-argv.ts";

const OPTIONS = ['IdentityFile="/h/_config/user"', "User=joe", 'ControlPath="/h/a/ssh.sock"'];
const base = { ssh: ["ssh"], options: OPTIONS, port: 60022, tty: false, version: [9, 2], sendColorterm: false, script: "false ; exec /bin/bash -l" } as const;

test("sshArgv() ignores the user's own configuration and ends the options before the script", () => {
  expect(sshArgv(base)).toEqual(["ssh", "-F", "/dev/null", "-o", OPTIONS[0] ?? "", "-o", "User=joe", "-o", OPTIONS[2] ?? "", "-o", "LogLevel=ERROR", "-p", "60022", "127.0.0.1", "--", base.script]);
});

test("a terminal, COLORTERM, words of $SSH", () => {
  const argv = sshArgv({ ...base, ssh: ["ssh", "-v"], tty: true, sendColorterm: true });
  expect(argv.slice(0, 4)).toEqual(["ssh", "-v", "-F", "/dev/null"]);
  expect(argv.join(" ")).toContain("-t -o SendEnv=COLORTERM -o LogLevel=ERROR");
});

test.each([[[8, 8], "QUIET"], [[8, 9], "ERROR"], [[7, 4], "QUIET"], [[10, 0], "ERROR"], [undefined, "ERROR"]] as const)("OpenSSH %j logs at %s", (version, level) => {
  expect(sshArgv({ ...base, version })).toContain(`LogLevel=${level}`);
});

test("options and port come back from the ssh.config they were written to", () => {
  const text = sshConfigText(OPTIONS, "a", "lima-a", 60022);
  expect(optionsOfSshConfig(text)).toEqual(OPTIONS);
  expect(portOfSshConfig(text)).toBe(60022);
  expect(portOfSshConfig("Host x\n  Port 70000\n")).toBeUndefined();
});
