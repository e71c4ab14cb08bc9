import { describe, expect, test } from "bun:test";
import { loginHttp } from "../../src/connect/open-http.ts";
import { GLOBALS, setUp } from "./set-up.ts";

/** What is said of variables that ask for certificates not to be checked. */
async function said(env: Readonly<Record<string, string>>, quiet = false) {
  const { runtime } = setUp({ env });
  await loginHttp(runtime, { ...GLOBALS, quiet });
  return runtime.written.stderr;
}

const ignored = (name: string) =>
  `warning: \`${name}\` is ignored: certificates are always checked; \`--ca-cert FILE\` names one to trust\n`;

describe("loginHttp()", () => {
  test.each<[Readonly<Record<string, string>>, readonly string[]]>([
    [{}, []],
    [{ NODE_TLS_REJECT_UNAUTHORIZED: "1" }, []],
    [{ NODE_TLS_REJECT_UNAUTHORIZED: "" }, []],
    [{ NODE_TLS_REJECT_UNAUTHORIZED: "0" }, ["NODE_TLS_REJECT_UNAUTHORIZED"]],
    [{ QWEN_TLS_INSECURE: "0" }, []],
    [{ QWEN_TLS_INSECURE: "1" }, ["QWEN_TLS_INSECURE"]],
    [
      { QWEN_TLS_INSECURE: "yes", NODE_TLS_REJECT_UNAUTHORIZED: "0" },
      ["NODE_TLS_REJECT_UNAUTHORIZED", "QWEN_TLS_INSECURE"],
    ],
  ])("with %j checks certificates all the same, and says so of %j", async (env, names) => {
    expect(await said(env)).toBe(names.map(ignored).join(""));
    expect(await said(env, true)).toBe("");
  });

  test("names itself and hides the password of a proxy", async () => {
    const { runtime } = setUp({ env: { HTTPS_PROXY: "http://me:pass-0123@proxy.example:3128" } });
    const http = await loginHttp(runtime, GLOBALS);
    expect(http.userAgent).toBe("QwenCode/1.2.3 (linux; x64)");
    expect(runtime.secrets).toContain("pass-0123");
  });

  test("takes the proxy of the user's settings, and none of a project's", async () => {
    const proxyOf = async (given: Parameters<typeof setUp>[0]) => {
      const { network } = await loginHttp(setUp(given).runtime, GLOBALS);
      return network.proxyFor("https://host.example/v1");
    };
    const settings = { proxy: "http://own.example:3128" };
    const files = { "p/.qwen/settings.json": { proxy: "http://theirs.example:3128" } };
    expect(await proxyOf({ settings })).toStartWith("http://own.example:3128");
    expect(await proxyOf({ settings, files })).toStartWith("http://own.example:3128");
    expect(await proxyOf({ files })).toBeUndefined();
  });
});
