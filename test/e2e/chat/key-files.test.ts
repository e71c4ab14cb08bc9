import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { testUnless } from "../../support/needs.ts";
import { type Machine, qwen } from "../../support/qwen.ts";
import { says, withModel } from "./session-machine.ts";

/** Files that go to no model, whoever names them. */
setDefaultTimeout(60_000);

const ONLINE = { env: { QWEN_OFFLINE: "" } };

async function refused(at: Machine, path: string): Promise<string> {
  const ran = await qwen(at, ["--file", path, "-p", "hi"], ONLINE);
  expect(ran).toMatchObject({ exitCode: 2, stdout: "" });
  return ran.stderr;
}

describe("a file of keys is refused by its name:", () => {
  test.each([
    "p/.envrc",
    "p/.ENV",
    "p/.env.production",
    "p/.npmrc",
    "p/.pypirc",
    "p/credentials.json",
    "p/client_secret_123.apps.json",
    "p/deploy.ppk",
    "p/release.keystore",
    "p/.qwen/settings.json",
    ".vault-token",
    ".kube/config",
    ".docker/config.json",
    ".azure/accessTokens.json",
    ".codex/auth.json",
    ".config/gh/hosts.yml",
    ".config/gcloud/application_default_credentials.json",
    ".ssh/config",
  ])("~/%s", async (name) => {
    const { at, said } = await withModel();
    expect(await refused(at, at.write(name, "{}\n"))).toContain("it is a file of keys");
    expect(said()).toEqual([]);
  });

  test("also through a folder that is a link", async () => {
    const { at, said } = await withModel();
    at.write("elsewhere/config", "token: abc\n");
    symlinkSync(join(at.home, "elsewhere"), join(at.home, ".kube"));
    for (const path of ["~/.kube/config", "../elsewhere/config"]) {
      expect(await refused(at, path)).toContain("it is a file of keys");
    }
    expect(said()).toEqual([]);
  });

  test.each(["p/.env.example", "p/id_rsa.pub", "p/keyboard.md", "p/locales/auth.json"])(
    "but not ~/%s",
    async (name) => {
      const { at, said } = await withModel(says("one"));
      const path = at.write(name, "text\n");
      const ran = await qwen(at, ["--file", path, "-p", "hi"], ONLINE);
      expect(ran).toMatchObject({ exitCode: 0, stdout: "one\n" });
      expect(said()).toHaveLength(1);
    },
  );
});

describe("a private key is refused by what stands in the file:", () => {
  test.each([
    ["PGP", "-----BEGIN PGP PRIVATE KEY BLOCK-----\nabc\n"],
    ["PuTTY", "PuTTY-User-Key-File-3: ssh-rsa\nabc\n"],
    ["OpenSSH", "x\n-----BEGIN OPENSSH PRIVATE KEY-----\nabc\n"],
    ["JSON", '{"private_key": "-----BEGIN PRIVATE KEY-----\\nabc"}'],
  ])("%s", async (_name, text) => {
    const { at, said } = await withModel();
    at.write("p/notes.txt", text);
    expect(await refused(at, "notes.txt")).toContain("a key of yours stands in it");
    expect(said()).toEqual([]);
  });
});

const noProc = process.platform === "linux" ? undefined : "only Linux has /proc";

testUnless(noProc)("a file without a size and an end holds nobody up", async () => {
  const { at, said } = await withModel();
  expect(await refused(at, "/proc/self/pagemap")).toContain("it is larger than 1 MiB");
  expect(said()).toEqual([]);
});

test("a file without a name is told so", async () => {
  const { at } = await withModel();
  expect(await refused(at, " ")).toContain("Cannot send a file: none is named");
});
