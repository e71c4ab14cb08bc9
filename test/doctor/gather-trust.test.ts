import { describe, expect, test } from "bun:test";
import { realpathSync } from "node:fs";
import { gatherTrust } from "../../src/doctor/gather-trust.ts";
import { fakeRuntime } from "../support/fake-runtime.ts";
import { machine } from "../support/qwen.ts";

type Given = {
  readonly rules?: Readonly<Record<string, string>> | string;
  readonly env?: Readonly<Record<string, string>>;
  readonly trust?: boolean;
};

async function facts({ rules = {}, env = {}, trust = false }: Given, at = machine()) {
  at.write(".qwen/trustedFolders.json", rules);
  const runtime = fakeRuntime({ home: at.home, cwd: at.project, env });
  return gatherTrust(runtime, { trust, folder: at.project, isRequired: true });
}

describe("gatherTrust()", () => {
  test.each<[Given, string | undefined, boolean]>([
    [{}, undefined, false],
    [{ trust: true }, "--trust", true],
    [{ env: { QWEN_TRUST_WORKSPACE: "true" } }, "QWEN_TRUST_WORKSPACE", true],
    [{ env: { QWEN_TRUST_WORKSPACE: "1" } }, undefined, false],
    [{ trust: true, env: { QWEN_TRUST_WORKSPACE: "true" } }, "--trust", true],
  ])("with %j says that all is trusted by %p", async (given, trustAll, isTrusted) => {
    expect(await facts(given)).toMatchObject({
      kind: "known",
      isRequired: true,
      trustAll,
      isTrusted,
    });
  });

  test("names the rule that decides, and one that trusts the home directory", async () => {
    const at = machine();
    const [home, project] = [realpathSync(at.home), realpathSync(at.project)];
    const known = await facts({ rules: { [home]: "TRUST_FOLDER", [project]: "DO_NOT_TRUST" } }, at);
    expect(known).toMatchObject({
      isTrusted: false,
      rule: { rule: "DO_NOT_TRUST" },
      trustedHome: { rule: "TRUST_FOLDER" },
    });
    const distrusted = await facts({ rules: { [home]: "DO_NOT_TRUST" } }, at);
    expect(distrusted).toMatchObject({ rule: { rule: "DO_NOT_TRUST" }, trustedHome: undefined });
  });

  test("says what is wrong with a file that cannot be used", async () => {
    expect(await facts({ rules: "[" })).toMatchObject({ kind: "broken" });
  });
});
