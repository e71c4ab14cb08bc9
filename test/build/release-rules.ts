import { TARGETS } from "../../build/targets.ts";
import {
  CI_LINES,
  findLeaks,
  findMissingLines,
  IF_PUBLISHED,
  RELEASE_LINES,
} from "./gate-rules.ts";
import { allNeeds, type Job, parseWorkflow, type Step, type Workflow } from "./workflow-rules.ts";

/** What has to have succeeded before anybody vouches for a release. */
const BEFORE_ATTESTING = [
  "plan",
  "tests",
  "build",
  "sign-darwin",
  "package",
  "rebuild-verify",
  "smoke",
  "smoke-musl",
  "images",
  "sign",
];

/** For what each job has to wait, itself or by what it waits for. */
const ORDER: Readonly<Record<string, readonly string[]>> = {
  build: ["tests"],
  attest: BEFORE_ATTESTING,
  publish: [...BEFORE_ATTESTING, "attest"],
  image: ["publish"],
  "move-tags": ["use-images"],
  verify: ["publish", "use-images"],
};

/** Jobs that change what others see. */
const PUBLISHERS = ["attest", "publish", "image", "move-tags"];

const PACKED_DIGEST = `\${{ needs.package.outputs.digest }}`;
const PUSHED_DIGEST = `\${{ steps.push.outputs.digest }}`;
const VERSION_TAG = `type=semver,pattern={{version}},value=\${{ needs.plan.outputs.version }}`;
const ENVIRONMENT = `\${{ ${IF_PUBLISHED} && 'release' || 'dry-run' }}`;

/** Says where `release.yml` does not do what `docs/releases.md` promises. */
export function findReleaseProblems(text: string): string[] {
  const workflow = parseWorkflow(text);
  const { jobs } = workflow;
  return [
    ...findLeaks(workflow),
    ...findMissingLines(workflow, RELEASE_LINES),
    ...checkStart(workflow),
    ...checkOrder(jobs),
    ...checkTargets(jobs),
    ...checkImages(jobs),
    ...checkPublishing(jobs),
    ...Object.entries(jobs).flatMap(([name, job]) =>
      [...checkSecrets(job), ...checkDigest(name, job, jobs), ...checkInputs(job)].map(
        (problem) => `${name}: ${problem}`,
      ),
    ),
  ];
}

/** Says where `ci.yml` lets by what a release has to be sure of. */
export function findTestProblems(text: string): string[] {
  const workflow = parseWorkflow(text);
  const problems = [...findLeaks(workflow), ...findMissingLines(workflow, CI_LINES)];
  const runners = String(workflow.jobs.test?.strategy?.matrix.runner);
  if (runners !== "ubuntu-24.04,ubuntu-24.04-arm,macos-14,macos-15-intel") {
    problems.push(`test leaves a system out: ${runners}`);
  }
  return problems;
}

type Jobs = Workflow["jobs"];

function scripts({ steps = [] }: Job): string {
  return steps.map(({ run = "" }) => run).join("\n");
}

/** A release begins with a tag, or by hand as a dry run, and is never cut off in the middle. */
function checkStart({ on, concurrency }: Workflow): string[] {
  const problems: string[] = [];
  const { push, workflow_dispatch: byHand, ...others } = Object(on);
  if (JSON.stringify([push, others]) !== '[{"tags":["v*"]},{}]') {
    problems.push("a release begins with something else than a tag");
  }
  if (byHand?.inputs?.["dry-run"]?.default !== true) {
    problems.push("a run by hand publishes");
  }
  if (concurrency?.["cancel-in-progress"] !== false) {
    problems.push("a release can be cut off by another");
  }
  return problems;
}

function checkOrder(jobs: Jobs): string[] {
  const problems: string[] = [];
  for (const [name, needed] of Object.entries(ORDER)) {
    const needs = allNeeds(name, jobs);
    const missing = needed.filter((before) => !needs.has(before));
    problems.push(...missing.map((before) => `${name} does not wait for ${before}`));
  }
  if (jobs.tests?.uses !== "./.github/workflows/ci.yml") {
    problems.push("tests does not run what ci.yml does");
  }
  for (const name of PUBLISHERS) {
    const condition = jobs[name]?.if ?? "";
    if (condition !== IF_PUBLISHED && !allNeeds(name, jobs).has("publish")) {
      problems.push(`${name} runs though nothing is to be published`);
    }
  }
  return problems;
}

/** Every target is started and used, those for musl in a real Alpine. */
function checkTargets(jobs: Jobs): string[] {
  const smoke = JSON.stringify(jobs.smoke?.strategy?.matrix ?? {});
  const musl = JSON.stringify(jobs["smoke-musl"]?.strategy?.matrix ?? {});
  const problems = TARGETS.filter(
    ({ id, libc }) => !(libc === "musl" ? musl : smoke).includes(`"target":"${id}"`),
  ).map(({ id }) => `${id} is never started`);
  const alpine = scripts(jobs["smoke-musl"] ?? {});
  if (
    !/^docker run .*"\$ALPINE" \\\n\s*sh \S*smoke-in-alpine\.sh release "\$TARGET"$/m.test(alpine)
  ) {
    problems.push("smoke-musl does not run in Alpine");
  }
  return problems;
}

/** Images are used on both architectures, before they are pushed and before a tag moves to them. */
function checkImages(jobs: Jobs): string[] {
  const problems: string[] = [];
  for (const name of ["images", "use-images"]) {
    const { target, runner } = jobs[name]?.strategy?.matrix ?? {};
    if (String(target) !== "distroless,debian,alpine") {
      problems.push(`${name} leaves an image out: ${target}`);
    }
    if (String(runner) !== "ubuntu-24.04,ubuntu-24.04-arm") {
      problems.push(`${name} leaves an architecture out: ${runner}`);
    }
  }
  return [...problems, ...checkTags(jobs)];
}

function checkTags(jobs: Jobs): string[] {
  const problems: string[] = [];
  const steps = jobs.image?.steps ?? [];
  const attested = steps.find(({ uses }) => uses?.startsWith("actions/attest-build-provenance@"));
  if (attested?.with?.["subject-digest"] !== PUSHED_DIGEST) {
    problems.push("image does not attest what it pushed");
  }
  const metadata = steps.find(({ id }) => id === "metadata")?.with ?? {};
  if (!String(metadata.flavor).includes("latest=false")) {
    problems.push("image moves latest before it was used");
  }
  const tags = String(metadata.tags).trim();
  if (tags !== VERSION_TAG) {
    problems.push("image pushes tags that move");
  }
  if (jobs["move-tags"]?.if !== "needs.plan.outputs.prerelease == 'false'") {
    problems.push("move-tags moves tags to a pre-release");
  }
  return problems;
}

function checkPublishing(jobs: Jobs): string[] {
  const text = scripts(jobs.publish ?? {});
  const wanted: readonly (readonly [RegExp, string])[] = [
    [
      /gh release create [\s\S]*--draft --verify-tag/,
      "publishes what was not downloaded and compared",
    ],
    [
      /gh release create [\s\S]*--prerelease="\$PRERELEASE" --notes-file/,
      "makes a pre-release a release",
    ],
    [
      /gh release edit .*--prerelease="\$PRERELEASE" --latest="\$LATEST"/,
      "makes any one the latest",
    ],
    [
      /^gh release download [\s\S]*^diff -r release "\$RUNNER_TEMP\/published"$[\s\S]*^gh release edit /m,
      "does not compare what was uploaded",
    ],
    [/--jq \.immutable/, "does not ask whether the release can be changed"],
    [/cp signatures\/\* release\//, "leaves the signatures behind"],
    [
      /^case \$\(gh release view "\$tag" --json isDraft .*\n\s*false\)\n.*\n\s*exit 1$/m,
      "publishes a version twice",
    ],
  ];
  const problems = wanted.filter(([pattern]) => !pattern.test(text)).map(([, what]) => what);
  if (text.split("--draft=false").length !== 2 || /--draft=false[\s\S]*\bdiff -r/.test(text)) {
    problems.push("shows it before it was compared");
  }
  const attested = jobs.attest?.steps?.at(-1)?.with?.["subject-path"];
  if (attested !== "release/*") {
    problems.push(`attests ${attested}`);
  }
  return problems.map((problem) => `publish: ${problem}`);
}

/** A secret is there only for what `plan` found fit to be published. */
function checkSecrets(job: Job): string[] {
  if ("secrets" in job) {
    return ["hands secrets on to another workflow"];
  }
  if (!JSON.stringify(job).includes("secrets.")) {
    return [];
  }
  const problems: string[] = [];
  const isPublisher = job.environment === "release" && job.if === IF_PUBLISHED;
  if (job.environment !== ENVIRONMENT && !isPublisher) {
    problems.push("secrets of no environment, or of `release` in a dry run");
  }
  for (const [, expression = ""] of JSON.stringify(job).matchAll(/\$\{\{(.*?)\}\}/g)) {
    const isGuarded = expression.includes(IF_PUBLISHED);
    if (expression.includes("secrets.") && !isGuarded && !isGuardedStep(job, expression)) {
      problems.push(`a dry run has${expression}`);
    }
  }
  return problems;
}

/** Whether every step that takes the secret runs only where there is a certificate to sign with. */
function isGuardedStep({ steps = [] }: Job, expression: string): boolean {
  const taking = steps.filter((step) => JSON.stringify(step).includes(expression.trim()));
  const isGuarded = (step: Step) => JSON.stringify(step).includes("env.HAS_DEVELOPER_ID == 'true'");
  return taking.length > 0 && taking.every(isGuarded);
}

/** Whoever takes the release from the artifacts makes sure that it is the one that was packed. */
function checkDigest(name: string, job: Job, jobs: Jobs): string[] {
  const { steps = [] } = job;
  const taken = steps.findIndex(
    ({ uses, with: inputs }) =>
      uses?.startsWith("actions/download-artifact@") && inputs?.name === "release",
  );
  if (taken < 0) {
    return [];
  }
  const next = steps[taken + 1];
  const isChecked =
    /^sh (?:another\/place\/)?\.github\/release\/digest\.sh release "\$DIGEST"$/.test(
      next?.run ?? "",
    ) && next?.env?.DIGEST === PACKED_DIGEST;
  const isAfter = allNeeds(name, jobs).has("package");
  return isChecked && isAfter ? [] : ["takes the release without comparing its digest"];
}

/** Nothing that was not there when the release was written can get in. */
function checkInputs({ steps = [] }: Job): string[] {
  const problems: string[] = [];
  for (const { run = "", env = {}, uses = "" } of steps) {
    const images = Object.values(env).filter((value) => /^[\w./-]+:[\w.-]+(@|$)/.test(value));
    const unpinned = images.filter((image) => !/@sha256:[0-9a-f]{64}$/.test(image));
    problems.push(...unpinned.map((image) => `runs in ${image}`));
    if (/\b(apt-get|brew|choco|pip|npx|npm) /.test(run)) {
      problems.push(`installs what is not pinned: ${run.trim().split("\n")[0]}`);
    }
    if (/^(actions\/cache|oven-sh\/setup-bun)@/.test(uses)) {
      problems.push(`takes what others may have put there: ${uses}`);
    }
  }
  return problems;
}
