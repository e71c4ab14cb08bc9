import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { chmodSync, mkdirSync, readFileSync, realpathSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DOCKERFILE, IMAGE_HOME, IMAGE_USER, withDocker } from "../../support/docker.ts";
import { OPENAI } from "../../support/model-answers.ts";
import { cannotMount } from "../../support/namespace.ts";
import { testUnless } from "../../support/needs.ts";
import { type Machine, machine, QWEN } from "../../support/qwen.ts";
import { scriptedServer, stream } from "../../support/scripted-server.ts";
import { run } from "../../support/shell.ts";
import { cannotBeNobody } from "../../support/unprivileged.ts";

setDefaultTimeout(60_000);

const ROOT = join(import.meta.dir, "..", "..", "..");
const GUIDE = readFileSync(join(ROOT, "docs", "containers-and-ci.md"), "utf8");
const KEY = "sk-sp-0123456789abcdef01234567890abc";

/** The example of the guide that has a text in it. */
function example(language: string, text: string): string {
  const blocks = [...GUIDE.matchAll(new RegExp(`^\`\`\`${language}\n([^]*?)^\`\`\`$`, "gm"))];
  return blocks.map(([, block = ""]) => block).find((block) => block.includes(text)) ?? "false";
}

const skip = cannotMount() ?? cannotBeNobody();

/** Owner and mode of what stands in a directory. */
function listing({ env, project }: Machine, directory: string) {
  const script = `cd "${directory}" && stat -c '%n %u %a' . *`;
  const { stdout } = Bun.spawnSync(["sh", "-c", script], { env, cwd: project });
  return stdout.toString().trim().split("\n");
}

describe("the guide for containers", () => {
  testUnless(skip)("stores a login in a new volume, and uses it without writing", async () => {
    const { at, volumes } = withDocker({ KEY });
    const ran = await run(at, ["sh", "-eu", "-c", example("sh", "-v qwen-home:")]);
    expect(ran).toMatchObject({ exitCode: 0 });
    expect(ran.stderr).not.toContain("warning");
    expect(ran.stdout).toContain("✓ Alibaba Cloud Coding Plan is configured\n");
    expect(listing(at, join(volumes, "qwen-home"))).toEqual([
      ". 65532 700",
      "settings.json 65532 600",
    ]);
  });

  testUnless(skip)("stores a login in a directory of the host, as its owner", async () => {
    const { at } = withDocker({ KEY });
    const own = join(at.home, ".qwen");
    mkdirSync(own, { mode: 0o700 });
    writeFileSync(join(at.home, "bin", "id"), "#!/bin/sh\necho 12345\n", { mode: 0o755 });
    Bun.spawnSync(["chown", "12345:12345", own]);
    const ran = await run(at, ["sh", "-eu", "-c", example("sh", "--user")]);
    expect(ran).toMatchObject({ exitCode: 0 });
    expect(ran.stderr).not.toContain("warning");
    expect(listing(at, own)).toEqual([". 12345 700", "settings.json 12345 600"]);
  });

  const volumesOfOthers = [
    { name: "an emptyDir", owner: "0:0", mode: "0777" },
    { name: "a claim with fsGroup", owner: "0:65532", mode: "2775" },
    { name: "a sticky directory", owner: "0:0", mode: "1777" },
    { name: "a directory of another user with our group", owner: "1000:65532", mode: "0770" },
  ];
  testUnless(skip).each(volumesOfOthers)("stores a login in $name", async ({ owner, mode }) => {
    const { at, volumes } = withDocker({ KEY });
    const volume = join(volumes, "qwen-home");
    mkdirSync(volume);
    Bun.spawnSync(["chown", owner, volume]);
    Bun.spawnSync(["chmod", mode, volume]);
    const ran = await run(at, ["sh", "-eu", "-c", example("sh", "-v qwen-home:")]);
    expect(ran).toMatchObject({ exitCode: 0 });
    const uid = owner.split(":")[0];
    expect(ran.stderr).toStartWith(
      `warning: \`~/.qwen\` belongs to another user (uid ${uid}) and keeps its mode (0${mode.slice(1)})\n`,
    );
    expect(listing(at, volume)).toEqual([
      `. ${uid} ${mode.replace(/^0/, "")}`,
      "settings.json 65532 600",
    ]);
  });

  /** What else writes there, as the user whom OpenShift or a pod chooses. */
  const writers = [
    {
      args: ["auth", "api-key", "--base-url", "https://a.test/v1", "--model", "m", "--key-stdin"],
      owner: "0:0",
      mode: "0777",
      files: ["settings.json"],
    },
    {
      args: ["auth", "coding-plan", "--region", "global", "--key-stdin", "--store", "env-file"],
      owner: "0:2000",
      mode: "2775",
      files: [".env", "settings.json"],
    },
    { args: ["trust", "/mnt"], owner: "65532:0", mode: "0775", files: ["trustedFolders.json"] },
  ];
  testUnless(skip).each(writers)(
    "writes for a user whom the image does not know: qwen $args",
    async ({ args, owner, mode, files }) => {
      const { at, volumes } = withDocker({ KEY });
      const volume = join(volumes, "qwen-home");
      mkdirSync(volume);
      Bun.spawnSync(["chown", owner, volume]);
      Bun.spawnSync(["chmod", mode, volume]);
      const [uid, group] = owner.split(":");
      const script = 'printf %s "$KEY" | docker run -i --rm --user "$0" "$@"';
      const where = ["-e", "QWEN_HOME=/mnt/qwen", "-v", "qwen-home:/mnt/qwen", "IMAGE"];
      const ran = await run(at, ["sh", "-euc", script, `12345:${group}`, ...where, ...args]);
      expect(ran).toMatchObject({ exitCode: 0 });
      expect(ran.stderr).toContain(
        `warning: \`/mnt/qwen\` belongs to another user (uid ${uid}) and keeps its mode (0${mode.slice(1)})\n`,
      );
      const { stdout } = Bun.spawnSync(["find", volume, "-printf", "%P %U %m\n"]);
      expect(stdout.toString().trimEnd().split("\n").sort()).toEqual([
        ` ${uid} ${mode.replace(/^0/, "")}`,
        ...files.map((name) => `${name} 12345 600`),
      ]);
    },
  );

  const closed = [
    { name: "root's volume", owner: "0:0", mode: "0755" },
    { name: "a directory of another user", owner: "1000:1000", mode: "0775" },
  ];
  testUnless(skip).each(closed)(
    "says what to do where $name is closed",
    async ({ owner, mode }) => {
      const { at, volumes } = withDocker({ KEY });
      const volume = join(volumes, "qwen-home");
      mkdirSync(volume);
      Bun.spawnSync(["chown", owner, volume]);
      Bun.spawnSync(["chmod", mode, volume]);
      const ran = await run(at, ["sh", "-eu", "-c", example("sh", "-v qwen-home:")]);
      expect(ran).toEqual({
        exitCode: 1,
        stdout: "",
        stderr: [
          "error: Cannot write `~/.qwen/settings.json`: permission denied (EACCES)",
          "",
          "hint: make `~/.qwen` writable for yourself, or point QWEN_HOME to another directory",
          "",
        ].join("\n"),
      });
      expect(listing(at, volume)[0]).toBe(`. ${owner.split(":")[0]} ${mode.replace(/^0/, "")}`);
    },
  );

  testUnless(cannotBeNobody())("asks with the key of a secret, as the pod does", async () => {
    const { origin, requests } = await scriptedServer(
      stream([OPENAI.text("Hello"), OPENAI.finish]),
    );
    const pod = JSON.parse(JSON.stringify(Bun.YAML.parse(example("yaml", "kind: Pod"))));
    const { securityContext, containers, volumes } = pod.spec;
    // Kubernetes reads the octal number of YAML 1.1.
    expect(volumes[0].secret.defaultMode).toBe(440);
    const [container] = containers;
    const bare = machine();
    chmodSync(bare.home, 0o755);
    const key = join(bare.home, "key");
    writeFileSync(key, `${KEY}\n`, { mode: 0o440 });
    Bun.spawnSync(["chown", `0:${securityContext.fsGroup}`, key]);
    const given = Object.fromEntries(
      container.env.map((it: { name: string; value: string }) => [it.name, it.value]),
    );
    const env = { ...given, OPENAI_API_KEY_FILE: key, OPENAI_BASE_URL: `${origin}/v1` };
    expect(given.OPENAI_API_KEY_FILE).toStartWith(container.volumeMounts[0].mountPath);
    const { runAsUser, runAsGroup } = securityContext;
    const become = ["setpriv", `--reuid=${runAsUser}`, `--regid=${runAsGroup}`, "--clear-groups"];
    const argv = [...become, realpathSync(QWEN), ...container.args];
    const ran = await run(
      { ...bare, project: "/", env: { PATH: bare.env.PATH ?? "", ...env } },
      argv,
    );
    expect(ran).toEqual({ exitCode: 0, stdout: "Hello\n", stderr: "" });
    expect(requests[0]?.headers.authorization).toBe(`Bearer ${KEY}`);
  });
});

test("the images have a home for logins that belongs to their user alone", () => {
  expect(IMAGE_USER).toBe("65532:65532");
  expect(IMAGE_HOME).toBe("mkdir -p /home/nonroot && mkdir -m 0700 /home/nonroot/.qwen");
  const images = DOCKERFILE.split(/^FROM /m).filter((stage) => /^USER /m.test(stage));
  expect(images).toHaveLength(3);
  for (const image of images) {
    expect(image).toContain("COPY --from=files --chown=65532:65532 /home/nonroot /home/nonroot\n");
    expect(image).toContain("ENV HOME=/home/nonroot\n");
  }
});
