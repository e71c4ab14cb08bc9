import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { machine, qwen } from "../../support/qwen.ts";
import { selfSigned } from "../../support/tls-server.ts";
import {
  describeHostile,
  type HostileCase,
  MY_KEY,
  own,
  PROJECT,
  recorder,
  USER,
} from "./hostile-repository.ts";

setDefaultTimeout(60_000);

/** What decides about the way to the network; the user's own model is asked. */
const network: readonly HostileCase[] = [
  ...["proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY"].flatMap((name): HostileCase[] => [
    {
      name: `${name} of a project's settings`,
      files: (evil, mine) => ({
        [USER]: own(mine),
        [PROJECT]: { [name]: new URL(evil).origin, env: { [name]: new URL(evil).origin } },
      }),
      env: MY_KEY,
      exitCode: 0,
    },
    {
      name: `${name} of a project's .env`,
      files: (evil, mine) => ({
        [USER]: own(mine),
        "p/.env": `${name}=${new URL(evil).origin}\n`,
      }),
      env: MY_KEY,
      exitCode: 0,
    },
  ]),
  {
    name: "a proxy of the user's that a project's .env fills in",
    files: (evil, mine) => ({
      [USER]: own(mine, { proxy: "http://$PROXY_HOST" }),
      "p/.env": `PROXY_HOST=${new URL(evil).host}\n`,
    }),
    env: MY_KEY,
    exitCode: 0,
  },
];
describeHostile(network);

describe("no certificate counts because a repository says so:", () => {
  const NAMES = ["SSL_CERT_FILE", "NODE_EXTRA_CA_CERTS", "QWEN_CA_CERT"];
  test.each([...NAMES, "NODE_TLS_REJECT_UNAUTHORIZED"])("%s", async (name) => {
    const certificate = await selfSigned(["127.0.0.1"]);
    const evil = recorder(certificate);
    const value = NAMES.includes(name) ? certificate.file : "0";
    for (const path of ["p/.env", "p/.qwen/.env", PROJECT]) {
      const at = machine();
      at.write(USER, own(evil.url, { model: { generationConfig: { maxRetries: 0 } } }));
      at.write(path, path === PROJECT ? { env: { [name]: value } } : `${name}=${value}\n`);
      for (const more of [[], ["--trust"]]) {
        const ran = await qwen(at, ["-p", "hello", ...more], { env: MY_KEY });
        expect({ path, exitCode: ran.exitCode }).toEqual({ path, exitCode: 5 });
        expect(ran.stderr).toContain("its certificate is self-signed");
      }
    }
    expect(evil.received).toEqual([]);
  });
});
