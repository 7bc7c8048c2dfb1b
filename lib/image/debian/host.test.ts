import { expect, test } from "bun:test";
import { proxyFrom } from "./apt-proxy.ts";
import { debianSuite, recipeFor } from "./recipe.ts";
import { idRange } from "./rootless.ts";
import { guestSources } from "./suites.ts";

test("idRange() finds the first range of the user that is large enough, by name or number", () => {
  const text = "other:100000:65536\nme:5:10\nme:bad:65536\n1000:165536:65536\nme:300000:200000\n";
  expect(idRange(text, { name: "me", uid: 1000 })).toEqual({ start: 165536, count: 65536 });
  expect(idRange(text, { name: "me", uid: 7 })).toEqual({ start: 300000, count: 200000 });
  expect(idRange(text, { name: "nobody", uid: 65534 })).toBeUndefined();
});

test("proxyFrom() puts apt's proxies before those of the environment", () => {
  const dump = 'APT::Architecture "amd64";\nAcquire::http::Proxy "http://cache:3142";\nAcquire::http::Proxy::local.example "DIRECT";\nAcquire::https::Proxy "DIRECT";\n';
  const { options, env } = proxyFrom(dump, { http_proxy: "http://other", https_proxy: "http://other", X: "y" });
  expect(options).toEqual(['Acquire::http::Proxy "http://cache:3142"', 'Acquire::http::Proxy::local.example "DIRECT"', 'Acquire::https::Proxy "DIRECT"']);
  expect(env).toEqual({ http_proxy: "http://cache:3142", https_proxy: undefined, X: "y" });
  expect(proxyFrom("", { http_proxy: "http://other" })).toEqual({ options: [], env: { http_proxy: "http://other" } });
});

test("guestSources() sends the guest to the host for a mirror on the host's loopback", () => {
  expect(guestSources("deb http://127.0.0.1:3142/debian x main\ndeb http://localhost/debian y main\n")).toBe("deb http://host.lima.internal:3142/debian x main\ndeb http://host.lima.internal/debian y main\n");
  expect(guestSources("deb http://localhost.example/debian x main\n")).toBe("deb http://localhost.example/debian x main\n");
});

test("recipeFor() has a hash that changes with the suite and the architecture", () => {
  const hashes = [recipeFor("trixie", "x86_64"), recipeFor("trixie", "aarch64"), recipeFor("bookworm", "x86_64"), recipeFor("trixie", "x86_64")].map((recipe) => recipe.hash);
  expect(new Set(hashes).size).toBe(3);
  expect(hashes[3]).toBe(hashes[0]);
  expect(recipeFor("trixie", "aarch64").env["PACKAGES"]).toContain("linux-image-cloud-arm64");
  expect(() => recipeFor("trixie", "s390x")).toThrow("only for x86_64 and aarch64");
});

test("debianSuite() reads the location", () => {
  expect(debianSuite("debian:trixie")).toBe("trixie");
  expect(debianSuite("https://x/debian:trixie")).toBeUndefined();
  expect(() => debianSuite("debian:../x")).toThrow("the name of a suite");
});
