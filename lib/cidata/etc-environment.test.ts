import { expect, test } from "bun:test";
import { etcEnvironment, guestEnvironment } from "./etc-environment.ts";

const GATEWAY = "192.168.5.2";
const resolve = (host: string): Promise<readonly string[]> => Promise.resolve(host === "myself" ? ["127.0.1.1"] : ["10.0.0.1"]);

test.each([
  ["http://localhost:3128", "http://192.168.5.2:3128"],
  ["http://127.0.0.1:3128/", "http://192.168.5.2:3128/"],
  ["http://127.8.8.8", "http://192.168.5.2"],
  ["http://[::1]:8080", "http://192.168.5.2:8080"],
  ["http://[::ffff:127.0.0.1]:1", "http://[::ffff:127.0.0.1]:1"],
  ["http://user:p%40ss@localhost:1/x?y#z", "http://user:p%40ss@192.168.5.2:1/x?y#z"],
  ["socks5://myself:1080", "socks5://192.168.5.2:1080"],
  ["localhost:3128", "192.168.5.2:3128"],
  ["http://proxy.example:3128", "http://proxy.example:3128"],
  ["http://localhost.example:3128", "http://localhost.example:3128"],
])("a proxy at %s is %s for the guest", async (host, guest) => {
  const { env, warnings } = await guestEnvironment({}, { http_proxy: host }, GATEWAY, resolve);
  expect(env).toEqual({ http_proxy: guest, HTTP_PROXY: guest });
  expect(warnings).toEqual([]);
});

test("what is no URL stays, with a warning that does not show it", async () => {
  const { env, warnings } = await guestEnvironment({}, { HTTPS_PROXY: "http://[:secret" }, GATEWAY, resolve);
  expect(env["https_proxy"]).toBe("http://[:secret");
  expect(warnings).toEqual(["HTTPS_PROXY is not a URL: the guest gets it unchanged"]);
});

test("the lower case wins, the process wins over the settings, empty values are gone", async () => {
  const { env, warnings } = await guestEnvironment(
    { http_proxy: "http://a", no_proxy: "x", FOO: "bar", GONE: "" },
    { http_proxy: "http://b", HTTP_PROXY: "http://c", no_proxy: "" },
    GATEWAY, resolve,
  );
  expect(env).toEqual({ http_proxy: "http://b", HTTP_PROXY: "http://b", FOO: "bar" });
  expect(warnings.length).toBe(1);
});

test("no_proxy is no URL and is not translated", async () => {
  const { env } = await guestEnvironment({ NO_PROXY: "localhost,127.0.0.1" }, {}, GATEWAY, resolve);
  expect(env).toEqual({ no_proxy: "localhost,127.0.0.1", NO_PROXY: "localhost,127.0.0.1" });
});

test("etcEnvironment() writes a block that pam_env reads back", () => {
  expect(etcEnvironment({ A: "b c", B: ' "x', C: "" })).toBe('#LIMA-START\nA=b c\nB=" "x"\nC=\n#LIMA-END\n');
  expect(() => etcEnvironment({ A: "b\nc" })).toThrow('cannot pass environment variable "A" to the guest: its value has more than one line');
});
