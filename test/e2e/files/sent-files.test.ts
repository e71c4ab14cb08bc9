import { expect, setDefaultTimeout, test } from "bun:test";
import { linkSync, mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { type Machine, machine, qwen } from "../../support/qwen.ts";
import { type Recording, recordingServer } from "../../support/recording-server.ts";

setDefaultTimeout(60_000);

/** Files of keys go to no model, by whatever name a file that is sent leads to them. */
const MARK = "mark-of-a-secret-0123";

function sending(model: Recording): Machine {
  const at = machine();
  at.write(".qwen/settings.json", {
    modelProviders: { openai: [{ id: "m", baseUrl: `${model.origin}/v1` }] },
    model: { name: "m" },
  });
  return at;
}

const KEPT = [
  ".ssh/config",
  ".aws/sso/cache/token.json",
  ".azure/msal_token_cache.json",
  ".kube/config",
  ".docker/config.json",
  ".config/gh/hosts.yml",
  ".config/gcloud/application_default_credentials.json",
  ".qwen/oauth_creds.json",
  ".qwen/sessions/20261129T201500-abcdef.jsonl",
  ".qwen/cache/models-0123456789abcdef.json",
];

test.each(["home", "a link to home"])("below %s", async (home) => {
  const model = recordingServer();
  const at = sending(model);
  const link = join(at.home, "..", `${at.home.split("/").at(-1)}-link`);
  if (home !== "home") {
    symlinkSync(at.home, link);
  }
  const env = home === "home" ? {} : { HOME: link };
  for (const path of KEPT) {
    at.write(path, MARK);
    for (const file of [`~/${path}`, `../${path}`]) {
      const ran = await qwen(at, ["-p", "hi", "--file", file], { env });
      expect({ file, ran }).toEqual({
        file,
        ran: {
          exitCode: 2,
          stdout: "",
          stderr: expect.stringContaining("it is a file of keys, which go to no model"),
        },
      });
    }
  }
  expect(model.received).toEqual([]);
});

test("by a link in the project, a hard link, and in folders that are links", async () => {
  const model = recordingServer();
  const at = sending(model);
  mkdirSync(join(at.home, "disk/ssh"), { recursive: true });
  symlinkSync("disk/ssh", join(at.home, ".ssh"));
  at.write("disk/ssh/hosts", MARK);
  const tokens = at.write(".qwen/oauth_creds.json", MARK);
  linkSync(tokens, join(at.project, "tokens.md"));
  symlinkSync("../.ssh/hosts", join(at.project, "hosts.md"));
  symlinkSync("../.qwen", join(at.project, "docs"));
  for (const file of ["tokens.md", "hosts.md", "docs/oauth_creds.json", "../disk/ssh/hosts"]) {
    const { exitCode } = await qwen(at, ["-p", "hi", "--file", file]);
    expect({ file, exitCode }).toEqual({ file, exitCode: 2 });
  }
  const elsewhere = at.write("elsewhere/sessions/one.jsonl", MARK);
  at.write("elsewhere/settings.json", {
    modelProviders: { openai: [{ id: "m", baseUrl: `${model.origin}/v1` }] },
    model: { name: "m" },
  });
  const env = { QWEN_HOME: join(at.home, "elsewhere") };
  expect(await qwen(at, ["-p", "hi", "--file", elsewhere], { env })).toMatchObject({ exitCode: 2 });
  expect(model.received).toEqual([]);
  at.write("p/notes.md", "all mine");
  expect(await qwen(at, ["-p", "hi", "--file", "notes.md"])).toMatchObject({ exitCode: 0 });
  expect(model.received.at(-1)).toContain("all mine");
});
