import { expect, setDefaultTimeout } from "bun:test";
import { join } from "node:path";
import packageJson from "../../package.json" with { type: "json" };
import { DOCKERFILE, IMAGE_HOME, withDocker } from "../support/docker.ts";
import { cannotMount } from "../support/namespace.ts";
import { testUnless } from "../support/needs.ts";
import { run } from "../support/shell.ts";
import { cannotBeNobody } from "../support/unprivileged.ts";

setDefaultTimeout(60_000);

const skip = cannotMount() ?? cannotBeNobody();

function useImage(env: Readonly<Record<string, string>> = {}, version = packageJson.version) {
  const script = join(import.meta.dir, "use-image.ts");
  return run(withDocker(env).at, [process.execPath, script, "IMAGE", version]);
}

testUnless(skip)("an image with the home of ours passes", async () => {
  expect(DOCKERFILE).toContain(IMAGE_HOME);
  expect(await useImage()).toEqual({ exitCode: 0, stdout: "IMAGE works\n", stderr: "" });
});

testUnless(skip).each([
  ["without a home for logins", { IMAGE_HOME: "mkdir -p /home/nonroot" }, undefined, "EACCES"],
  ["of another version", {}, "9.9.9", "9.9.9"],
  ["whose program does not start", { QWEN: "/bin/false" }, undefined, "code: 1"],
])("an image %s does not", async (_name, env, version, complaint) => {
  const { exitCode, stdout, stderr } = await useImage(env, version);
  expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: "" });
  expect(stderr).toContain(complaint);
});
