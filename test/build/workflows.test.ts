import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../../build/project.ts";
import { missingPrograms, testUnless } from "../support/needs.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";
import { findUnpinnedImages, findWorkflowProblems, scriptsOf } from "./workflow-rules.ts";

// Several processes each, on machines that have other things to do.
setDefaultTimeout(30_000);

const GITHUB = join(ROOT, ".github");
const WORKFLOWS = readdirSync(join(GITHUB, "workflows"));

function read(...path: readonly string[]): string {
  return readFileSync(join(GITHUB, ...path), "utf8");
}

describe.each(WORKFLOWS)("%s", (name) => {
  const text = read("workflows", name);

  test("keeps every rule for workflows", () => {
    expect(findWorkflowProblems(text)).toEqual([]);
  });

  test("has scripts that bash can read", () => {
    expect(scriptsOf(text).length).toBeGreaterThan(0);
    for (const script of scriptsOf(text)) {
      const { stderr } = Bun.spawnSync(["bash", "-n"], { stdin: Buffer.from(script) });
      expect(stderr.toString()).toBe("");
    }
  });

  testUnless(missingPrograms("shellcheck"))("has scripts that shellcheck accepts", () => {
    const cwd = temporaryDirectory();
    const names = scriptsOf(text).map((script, index) => {
      writeFileSync(join(cwd, `${index}`), script);
      return `${index}`;
    });
    const checked = Bun.spawnSync(["shellcheck", "-s", "bash", ...names], { cwd });
    expect(checked.stdout.toString()).toBe("");
  });
});

/** A workflow without a fault, and what has to be wrong with it. */
const GOOD = `on: push
permissions: {}
jobs:
  a:
    runs-on: ubuntu-24.04
    timeout-minutes: 5
    permissions: { contents: read }
    outputs: { x: y }
    steps:
      - uses: actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1
        with: { persist-credentials: false }
      - id: s
        run: bun run check
      - run: bun build.ts --all
      - run: bash .ci/run
      - uses: actions/upload-artifact@043fb46d1a93c77aae656e7c1c64a875d1fc6a0a # v7.0.1
        with: { name: f }
  b:
    needs: [a]
    runs-on: \${{ matrix.runner }}
    timeout-minutes: 5
    permissions: {}
    strategy: { matrix: { runner: [macos-14] } }
    steps:
      - uses: actions/download-artifact@3e5f45b2cfb9172054b4087a40e8e0b5a5461e7c # v8.0.1
        with: { name: f }
      - uses: docker/setup-buildx-action@bb05f3f5519dd87d3ba754cc423b652a5edd6d2c # v4.2.0
        with: { driver-opts: image=a:1@sha256:${"0".repeat(64)} }
      - run: echo "$X"
        env: { X: "\${{ needs.a.outputs.x }}" }
`;

describe("findWorkflowProblems()", () => {
  test("finds nothing in a good workflow", () => {
    expect(findWorkflowProblems(GOOD)).toEqual([]);
  });

  test.each([
    ["# v7.0.1\n        with: { p", "\n        with: { p", "actions/checkout is not pinned"],
    ["@043fb46d1a93c77aae656e7c1c64a875d1fc6a0a # v7.0.1", "@v7", "upload-artifact is not pinned"],
    ["actions/checkout", "somebody/checkout", "somebody/checkout is not pinned"],
    ["permissions: {}\njobs", "permissions: read-all\njobs", "the workflow itself has"],
    ["on: push", "on: pull_request_target", "of forks"],
    ["on: push", `on: pull_request\nenv: { K: "\${{ secrets.K }}" }`, "reach a secret"],
    ["ubuntu-24.04", "ubuntu-12.04", "a: no runner ubuntu-12.04"],
    ["[macos-14]", "[macos-1]", "b: no runner macos-1"],
    ["    timeout-minutes: 5\n    permissions: {}", "    permissions: {}", "b: no timeout"],
    ["{ contents: read }", "{ contents: write }", "a: may write contents"],
    ["    permissions: { contents: read }\n", "", "a: may write all"],
    ["needs: [a]", "needs: [c]", "b: needs c, which is no job"],
    ["outputs.x", "outputs.z", "b: takes z of a"],
    ["matrix.runner }}", "matrix.runners }}", "b: takes runners of the matrix"],
    ["{ name: f }\n      - uses: docker", "{ name: g }\n      - uses: docker", "b: downloads g"],
    [
      "{ name: f }\n      - uses: docker",
      "{ name: g }\n      - uses: docker",
      "a: uploads f, which",
    ],
    ["{ persist-credentials: false }", "{ fetch-depth: 1 }", "a: checkout leaves its token"],
    ['echo "$X"', `echo \${{ github.event.head_commit.message }}`, "b: an expression is put"],
    ['echo "$X"', `echo "\${{ steps.q.outputs.q }}"`, "b: takes an output of q"],
    ["image=a:1@sha256:", "image=a:1#", "b: the image of BuildKit is not pinned"],
    ["driver-opts: image=", "version: ", "b: the image of BuildKit is not pinned"],
    [
      "    steps:\n      - uses: actions/download",
      "    uses: a/b/.github/workflows/c.yml@v1\n    steps:\n      - uses: actions/download",
      "b: runs a/b",
    ],
    [
      "    steps:\n      - uses: actions/download",
      "    uses: ./.github/workflows/c.yml\n    steps:\n      - uses: actions/download",
      "b: there is no .github/workflows/c.yml",
    ],
    ["bun run check", "bun run chekc", "a: there is no script chekc"],
    ["bun build.ts --all", "bun build.ts --al", "a: bun build.ts --al: "],
    [".ci/run", ".ci/ran", "a: there is no .ci/ran"],
  ])("finds what is wrong when %j is %j", (part, replacement, problem) => {
    expect(GOOD).toContain(part);
    const problems = findWorkflowProblems(GOOD.replace(part, () => replacement));
    expect(problems.join("\n")).toContain(problem);
  });
});

describe("the images", () => {
  const dockerfile = read("docker", "Dockerfile");
  const final = dockerfile.split(/^FROM /m).slice(2);

  test("are the three that release.yml builds, each without root and without a shell form", () => {
    const names = final.map((stage) => /AS (\w+)/.exec(stage)?.[1]);
    expect(names).toEqual(["distroless", "debian", "alpine"]);
    const built = [...read("workflows", "release.yml").matchAll(/target: (\w+), suffix/g)];
    expect([...new Set(built.map(([, name]) => name))]).toEqual(names);
    for (const stage of final) {
      expect(stage).toContain("\nUSER 65532:65532\n");
      expect(stage).toContain('\nENTRYPOINT ["/usr/local/bin/qwen"]\n');
      expect(stage).not.toMatch(/^RUN /m);
    }
  });

  test("are built from, by and with what is pinned by its digest", () => {
    expect(findUnpinnedImages(dockerfile)).toEqual([]);
    const names = ["docker/dockerfile:1.10", "debian:12-slim", "alpine:3.22"];
    for (const name of names) {
      expect(findUnpinnedImages(dockerfile.replace(`${name}@`, `${name} # `))).toEqual([name]);
    }
    expect(findUnpinnedImages("FROM --platform=x debian\n")).toEqual(["debian"]);
  });

  test("hold no secret and take none while they are built", () => {
    expect(dockerfile).not.toMatch(/^(ARG|ENV) .*(KEY|TOKEN|SECRET|PASSWORD)/im);
    expect(dockerfile).not.toContain("qwen auth");
  });

  test("take packages of Alpine in one version, the one that is tested", () => {
    const added = /libgcc=\S+ libstdc\+\+=\S+/.exec(dockerfile)?.[0] ?? "nothing";
    expect(dockerfile).toContain(`\n      ${added}\n`);
    expect(read("release", "smoke-in-alpine.sh")).toContain(`apk add --no-cache ${added}\n`);
    const [, alpine = "nothing"] = /^ARG ALPINE=(.+)$/m.exec(dockerfile) ?? [];
    expect(read("workflows", "release.yml")).toContain(`          ALPINE: ${alpine}\n`);
  });
});

testUnless(missingPrograms("shellcheck")).each(["docker", "release"])(
  "shellcheck accepts the scripts in .github/%s",
  (directory) => {
    const cwd = join(GITHUB, directory);
    const scripts = readdirSync(cwd).filter((name) => name.endsWith(".sh"));
    expect(scripts.length).toBeGreaterThan(1);
    const checked = Bun.spawnSync(["shellcheck", "-s", "sh", ...scripts], { cwd });
    expect(checked.stdout.toString()).toBe("");
  },
);

test("Dependabot looks after the pins every week", () => {
  expect(existsSync(join(GITHUB, "dependabot.yml"))).toBe(true);
  expect(Bun.YAML.parse(read("dependabot.yml"))).toMatchObject({
    version: 2,
    updates: ["github-actions", "docker"].map((ecosystem) => ({
      "package-ecosystem": ecosystem,
      schedule: { interval: "weekly" },
      cooldown: { "default-days": 7 },
    })),
  });
});
