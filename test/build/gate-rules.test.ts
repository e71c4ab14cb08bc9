import { describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../../build/project.ts";
import { changedJob } from "./changed-job.ts";
import { findLeaks } from "./gate-rules.ts";
import { findReleaseProblems, findTestProblems } from "./release-rules.ts";
import { type Job, parseWorkflow, type Step, type Workflow } from "./workflow-rules.ts";

const read = (name: string) => readFileSync(join(ROOT, ".github", "workflows", name), "utf8");
const RELEASE = read("release.yml");
const CI = read("ci.yml");

test("ci.yml does what a release asks of it", () => {
  expect(findTestProblems(CI)).toEqual([]);
});

/** A workflow with one job changed. */
function withJob(workflow: Workflow, name: string, change: (job: Job) => Job): Workflow {
  return { ...workflow, jobs: { ...workflow.jobs, [name]: change(workflow.jobs[name] ?? {}) } };
}

/** What can be done to any job or step so that its failure is no failure any more. */
const JOB_CHANGES: readonly Readonly<Record<string, unknown>>[] = [
  { if: false },
  { if: "always()" },
  { if: "success() || failure()" },
  { if: "$" + "{{ !cancelled() }}" },
  { if: "github.event_name == 'schedule'" },
  { if: "" },
  { "continue-on-error": true },
  { "continue-on-error": "$" + "{{ matrix.runner == 'macos-14' }}" },
  { container: "alpine:latest" },
  { services: { db: { image: "postgres" } } },
  { defaults: { run: { shell: "sh" } } },
];
const STEP_CHANGES: readonly Readonly<Record<string, unknown>>[] = [
  ...JOB_CHANGES.slice(0, 8),
  { shell: "sh" },
  { shell: "bash {0}" },
];
/** What can be done to any script. */
const SCRIPT_CHANGES: readonly ((run: string) => string)[] = [
  (run) => `${run.trimEnd()} || true`,
  (run) => `${run.trimEnd()} ||:`,
  (run) => `${run.trimEnd()} || echo failed`,
  (run) => `${run.trimEnd()} || { echo failed; }`,
  (run) => `${run.trimEnd()} || exit 0`,
  (run) => `${run.trimEnd()}; true`,
  (run) => `${run.trimEnd()} &\n`,
  (run) => `${run.trimEnd()} && echo good\necho done`,
  (run) => `set +e\n${run}`,
  (run) => `set +o pipefail\n${run}`,
  (run) => `trap 'exit 0' EXIT\n${run}`,
  (run) => `exit 0\n${run}`,
  (run) => `! ${run}`,
  (run) => `if ${run.trimEnd()}; then echo good; fi`,
  (run) => `while ${run.trimEnd()}; do break; done`,
];

describe.each([
  ["release.yml", RELEASE],
  ["ci.yml", CI],
])("in %s no failure is let by", (_name, text) => {
  const workflow = parseWorkflow(text);
  const jobs = Object.entries(workflow.jobs);

  test("by a condition or a setting of a job", () => {
    const unnoticed = jobs.flatMap(([name]) =>
      JOB_CHANGES.filter(
        (change) =>
          findLeaks(withJob(workflow, name, (job) => ({ ...job, ...change }))).length === 0,
      ).map((change) => ({ name, change })),
    );
    expect(unnoticed).toEqual([]);
  });

  /** The workflow after each of these changes of each step that they are for. */
  function unnoticed<Change>(
    changes: readonly Change[],
    apply: (step: Step, change: Change) => Step | undefined,
  ): readonly unknown[] {
    return jobs.flatMap(([name, { steps = [] }]) =>
      steps.flatMap((step, index) =>
        changes.flatMap((change) => {
          const changed = apply(step, change);
          const leaks =
            changed &&
            findLeaks(
              withJob(workflow, name, (job) => ({ ...job, steps: steps.with(index, changed) })),
            );
          return leaks?.length === 0 ? [{ name, index, change: String(change) }] : [];
        }),
      ),
    );
  }

  test("by a condition or a setting of a step", () => {
    expect(unnoticed(STEP_CHANGES, (step, change) => ({ ...step, ...change }))).toEqual([]);
  });

  test("by what is written around a script", () => {
    const apply = ({ run, ...step }: Step, change: (run: string) => string) =>
      run === undefined || run.includes("http.server") ? undefined : { ...step, run: change(run) };
    expect(unnoticed(SCRIPT_CHANGES, apply)).toEqual([]);
  });
});

describe("what would let a bad release out is found:", () => {
  test.each([
    ["no bash", "\ndefaults:\n  run:\n    shell: bash\n", "\n", "first failure of a pipe"],
    ["another shell", "    shell: bash\n", "    shell: sh\n", "first failure of a pipe"],
    ["a branch", '  push:\n    tags: ["v*"]', "  push:\n    branches: [main]", "else than a tag"],
    ["any tag", 'tags: ["v*"]', 'tags: ["*"]', "else than a tag"],
    ["every night", "\non:\n", "\non:\n  schedule: [{ cron: 1 1 1 1 1 }]\n", "else than a tag"],
    ["another workflow", "\non:\n", "\non:\n  workflow_call:\n", "else than a tag"],
    ["by hand", "default: true", "default: false", "a run by hand publishes"],
    ["a race", "cancel-in-progress: false", "cancel-in-progress: true", "can be cut off"],
  ])("%s", (_name, part, replacement, problem) => {
    expect(RELEASE).toContain(part);
    const problems = findReleaseProblems(RELEASE.replace(part, () => replacement));
    expect(problems.join("\n")).toContain(problem);
  });

  const PUSH = `    if: needs.plan.outputs.publish == 'true'
    needs: [plan, package, publish]`;
  test.each([
    [
      "an image without a release",
      "image",
      PUSH,
      PUSH.replace(/if: .*/, "if: always()"),
      "if always()",
    ],
    [
      "no reviewer",
      "publish",
      "    environment: release\n",
      "",
      "publishes without the environment",
    ],
    ["no reviewer of tags", "move-tags", "    environment: release\n", "", "publishes without"],
    [
      "another environment",
      "image",
      "environment: release",
      "environment: dry-run",
      "publishes without the environment",
    ],
    [
      "an architecture left out",
      "images",
      "      matrix:\n",
      "      matrix:\n        exclude: [{ target: alpine, runner: ubuntu-24.04-arm }]\n",
      "images: leaves out a part",
    ],
    [
      "words instead of a use",
      "smoke",
      "- run: bun test",
      "- run: echo bun test",
      "smoke does not run",
    ],
    [
      "a comment instead of a use",
      "smoke",
      "- run: bun test/release",
      "- run: |\n          # bun test/release",
      "smoke does not run",
    ],
    [
      "a use of another target",
      "smoke",
      'release "$TARGET"',
      "release linux-x64",
      "smoke does not run",
    ],
    [
      "words in Alpine",
      "smoke-musl",
      "docker run",
      "echo docker run",
      "smoke-musl does not run in",
    ],
    [
      "words for the comparison",
      "rebuild-verify",
      "diff published",
      "echo diff published",
      "rebuild-verify does not run",
    ],
    [
      "a comparison with itself",
      "rebuild-verify",
      "diff published rebuilt",
      "diff published published",
      "rebuild-verify does not run",
    ],
    [
      "words for a digest",
      "attest",
      "- run: sh .github",
      "- run: echo sh .github",
      "attest: takes the release",
    ],
    [
      "another commit",
      "build",
      "          persist-credentials: false\n",
      "          persist-credentials: false\n          ref: main\n",
      "build: looks at another commit",
    ],
    [
      "another repository",
      "package",
      "          persist-credentials: false\n",
      "          persist-credentials: false\n          repository: a/b\n",
      "package: looks at another",
    ],
    [
      "binaries of another run",
      "package",
      "          name: binaries\n",
      "          name: binaries\n          run-id: 1\n",
      "package: may take artifacts",
    ],
    [
      "whatever artifacts there are",
      "package",
      "          name: binaries\n",
      "          pattern: bin*\n",
      "package: may take artifacts",
    ],
    [
      "a release seen before it was compared",
      "publish",
      "          diff -r",
      '          gh release edit "$tag" --draft=false\n          diff -r',
      "publish: shows it before",
    ],
    ["no plan", "plan", "plan.sh >>", "plan.sh 2>/dev/null >>", "plan does not run"],
    [
      "a signature of nobody",
      "sign",
      "- run: sh .github/release/sign.sh",
      "- run: echo sh .github/release/sign.sh",
      "sign does not run",
    ],
    ["an unsigned look", "verify", " --verify-attestation", "", "verify does not run"],
    [
      "no look",
      "verify",
      'gh release verify "v$VERSION"',
      'gh release view "v$VERSION"',
      "verify does not run",
    ],
    [
      "a valid signature of nothing",
      "sign-darwin",
      "codesign --verify --strict --verbose=2 dist",
      "codesign --display dist",
      "sign-darwin does not run",
    ],
    ["packages less", "package", " --packages", "", "package does not run"],
  ])("%s", (_name, job, part, replacement, problem) => {
    const problems = findReleaseProblems(changedJob(RELEASE, job, part, replacement));
    expect(problems.join("\n")).toContain(problem);
  });
});

describe("what would let a red commit by is found:", () => {
  test.each([
    ["a test less", "test", "bash .ci/run", "bash .ci/run --help", "test does not run"],
    ["a system less", "test", ", macos-15-intel", "", "test leaves a system out"],
    ["no check", "lint", "bun run check", "bun run build", "lint does not run"],
    ["one build", "build", " --check-repro", "", "build does not run"],
    ["no installer", "installer", "test/install", "test/build", "installer does not run"],
    [
      "a condition of the tests",
      "test",
      "    runs-on",
      "    if: github.event_name == 'push'\n    runs-on",
      "test: runs only if",
    ],
    [
      "a failure that is none",
      "test",
      "    strategy:\n",
      "    continue-on-error: true\n    strategy:\n",
      "test: has continue",
    ],
    [
      "tests on branches alone",
      "containers",
      "github.event_name != 'pull_request' && ",
      "",
      "containers: runs only",
    ],
  ])("%s", (_name, job, part, replacement, problem) => {
    const problems = findTestProblems(changedJob(CI, job, part, replacement));
    expect(problems.join("\n")).toContain(problem);
  });
});
