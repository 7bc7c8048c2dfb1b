import { expect, test } from "bun:test";
import { proxyFor } from "./proxy.ts";

const via = (url: string, env: Record<string, string>): string | undefined => proxyFor(new URL(url), env);

test("proxyFor() takes the variable of the scheme, lower case first", () => {
  const env = { http_proxy: "http://a:1", HTTP_PROXY: "http://b:1", HTTPS_PROXY: "c:3128" };
  expect(via("http://x.org/", env)).toBe("http://a:1");
  expect(via("https://x.org/", env)).toBe("http://c:3128");
  expect(via("https://x.org/", { http_proxy: "http://a:1" })).toBeUndefined();
});

test("proxyFor() obeys no_proxy by name, subdomain, port and star", () => {
  const env = (no: string): Record<string, string> => ({ http_proxy: "http://p:1", no_proxy: no });
  expect(via("http://sub.x.org/", env("x.org"))).toBeUndefined();
  expect(via("http://sub.x.org/", env(" .X.org ,y"))).toBeUndefined();
  expect(via("http://notx.org/", env("x.org"))).toBe("http://p:1");
  expect(via("http://x.org:81/", env("x.org:80"))).toBe("http://p:1");
  expect(via("http://x.org/", env("x.org:80"))).toBeUndefined();
  expect(via("http://x.org/", env("*"))).toBeUndefined();
  expect(via("http://x.org/", env(""))).toBe("http://p:1");
});
