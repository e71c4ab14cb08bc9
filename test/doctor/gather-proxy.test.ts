import { describe, expect, test } from "bun:test";
import { mkdtempSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gatherCertificates, gatherProxy } from "../../src/doctor/gather-proxy.ts";
import { configuration } from "../models/configuration.ts";
import { fakeRuntime } from "../support/fake-runtime.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";
import { selfSigned } from "../support/tls-server.ts";

const baseUrl = "https://host.example/v1";

describe("gatherProxy()", () => {
  const PROXY = "http://me:pass-0123@proxy.example:3128";
  const gather = (
    env: Record<string, string>,
    at: string | undefined = baseUrl,
    proxy?: string,
  ) => {
    const runtime = fakeRuntime();
    const facts = gatherProxy({ ...runtime, env }, configuration(), { proxy, baseUrl: at });
    return { facts, secrets: runtime.secrets };
  };

  test("finds none", () => {
    expect(gather({}).facts).toEqual({ kind: "direct" });
  });

  test("finds the one for the endpoint, and hides its password", () => {
    const { facts, secrets } = gather({ HTTPS_PROXY: PROXY });
    expect(facts).toMatchObject({ kind: "proxy", name: "HTTPS_PROXY", isExempt: false });
    expect(secrets).toContain("pass-0123");
  });

  test("tells of an endpoint that is exempt", () => {
    const env = { HTTPS_PROXY: PROXY, NO_PROXY: "host.example" };
    expect(gather(env).facts).toMatchObject({ kind: "proxy", isExempt: true });
  });

  test.each(["", "no url", "$HOST/v1"])("has nothing to ask for %j", (at) => {
    expect(gather({ HTTPS_PROXY: PROXY }, at).facts).toEqual({ kind: "no-endpoint" });
  });

  test("tells why one cannot be used", () => {
    expect(gather({}, baseUrl, "ftp://proxy.example").facts).toMatchObject({
      kind: "broken",
      failure: { message: expect.stringContaining("`--proxy`") },
    });
  });
});

describe("gatherCertificates()", () => {
  const folder = temporaryDirectory();
  const file = (name: string, text: string) => {
    const path = join(mkdtempSync(join(folder, "c-")), name);
    writeFileSync(path, text);
    return path;
  };
  const gather = (env: Record<string, string>, caCert?: string) =>
    gatherCertificates({ ...fakeRuntime(), env }, configuration(), { caCert });

  test("has nothing to say where none is named", () => {
    expect(gather({})).toEqual({ files: [], failure: undefined, unchecked: [] });
  });

  test("has no failure of a file that can be read", async () => {
    const { files, failure } = gather({}, (await selfSigned(["localhost"])).file);
    expect([files.length, failure]).toEqual([1, undefined]);
  });

  test("tells of the first that cannot", () => {
    const missing = join(folder, "missing.pem");
    expect(gather({}, missing).failure?.message).toContain(missing);
    expect(gather({}, file("text.pem", "no certificate")).failure).toBeDefined();
  });

  test("tells who asks for certificates not to be checked", () => {
    expect(gather({ NODE_TLS_REJECT_UNAUTHORIZED: "0" }).unchecked).toEqual([
      "NODE_TLS_REJECT_UNAUTHORIZED",
    ]);
  });
});
