import type { Job, Step, Workflow } from "./workflow-rules.ts";

/** Of `release.yml`: `plan` found the commit fit to be published. */
export const IF_PUBLISHED = "needs.plan.outputs.publish == 'true'";

/** The only conditions of jobs: one that does not run holds nothing up. */
const JOB_CONDITIONS: Readonly<Record<string, string>> = {
  attest: IF_PUBLISHED,
  publish: IF_PUBLISHED,
  image: IF_PUBLISHED,
  "move-tags": "needs.plan.outputs.prerelease == 'false'",
  containers: "github.event_name != 'pull_request' && github.ref_type == 'branch'",
};

/** The only conditions of steps, and what such a step is about. */
const STEP_CONDITIONS: readonly (readonly [string, string, string])[] = [
  ["sign-darwin", "env.HAS_DEVELOPER_ID == 'true'", "secrets.APPLE_"],
  ["installer", "runner.os == 'Linux'", "apt-get install"],
];

/** Environments whose reviewers have to agree. */
const REVIEWED = ["publish", "image", "move-tags"];

/** What a script may have that goes on after a failure, or looks as if it did. */
const FAILURES_LET_BY: readonly RegExp[] = [
  /\|\|(?!\s*(?:\{[^}]*\bexit 1\s*\}|exit [1-9]|tags\+=))/,
  // The first of two commands does not end a script of `bash -e`.
  /^(?!\(cd "\$RUNNER_TEMP\/published" ).*&&/m,
  /\bset (?:\+e|\+o)/,
  /\btrap\b/,
  /\bexit 0\b/,
  /^\s*!\s/m,
  /\b(?:if|elif|while|until)\s+(?!\[)/,
  /;[ \t]*(?:true|:)[ \t]*$/m,
  // A server that is used by what follows is no check.
  /^(?!python3 -m http\.server ).*[^&]&[ \t]*$/m,
];

/**
 * Says where a workflow could be green though something failed, was left out, or was done to
 * another commit: what holds a release up has no condition but the known ones.
 */
export function findLeaks({ defaults, jobs }: Workflow): string[] {
  const problems: string[] = [];
  if (JSON.stringify(defaults) !== '{"run":{"shell":"bash"}}') {
    problems.push("scripts do not end at the first failure of a pipe");
  }
  for (const [name, job] of Object.entries(jobs)) {
    const found = [...checkJob(name, job), ...(job.steps ?? []).flatMap((s) => checkStep(name, s))];
    problems.push(...found.map((problem) => `${name}: ${problem}`));
  }
  return problems;
}

function checkJob(name: string, job: Job): string[] {
  const problems: string[] = [];
  if ("if" in job && job.if !== JOB_CONDITIONS[name]) {
    problems.push(`runs only if ${job.if}`);
  }
  for (const field of ["continue-on-error", "container", "services", "defaults"]) {
    if (field in job) {
      problems.push(`has ${field}`);
    }
  }
  if ("exclude" in (job.strategy?.matrix ?? {})) {
    problems.push("leaves out a part of its matrix");
  }
  if (REVIEWED.includes(name) && job.environment !== "release") {
    problems.push("publishes without the environment that reviewers guard");
  }
  return problems;
}

function checkStep(job: string, step: Step): string[] {
  const problems: string[] = [];
  const text = JSON.stringify(step);
  const isKnown = STEP_CONDITIONS.some(
    ([name, condition, part]) => name === job && condition === step.if && text.includes(part),
  );
  if ("if" in step && !isKnown) {
    problems.push(`has a step that runs only if ${step.if}`);
  }
  for (const field of ["continue-on-error", "shell"]) {
    if (field in step) {
      problems.push(`has a step with ${field}`);
    }
  }
  const { run = "", uses = "", with: inputs = {} } = step;
  const leak = FAILURES_LET_BY.map((pattern) => pattern.exec(run)?.[0]).find(Boolean);
  if (leak !== undefined) {
    problems.push(`may go on after a failure: ${leak.trim()}`);
  }
  if (uses.startsWith("actions/checkout@") && ("ref" in inputs || "repository" in inputs)) {
    problems.push("looks at another commit");
  }
  const known = ["name", "path"];
  if (
    uses.startsWith("actions/download-artifact@") &&
    Object.keys(inputs).some((key) => !known.includes(key))
  ) {
    problems.push("may take artifacts of another run");
  }
  return problems;
}

/** Whether a job has this line in a script; not in a comment, nor as words of another command. */
function runs({ steps = [] }: Job, line: string): boolean {
  const lines = steps.flatMap(({ run = "" }) => run.split("\n"));
  return lines.some((candidate) => candidate.trim() === line);
}

/** The lines that have to be there, by job; `|` stands at the end of a pipe that feeds one. */
export const RELEASE_LINES: readonly (readonly [string, string])[] = [
  ["plan", 'sh .github/release/plan.sh >>"$GITHUB_OUTPUT"'],
  ["build", "bun build.ts --all --no-archive"],
  [
    "sign-darwin",
    "codesign --verify --strict --verbose=2 dist/darwin-arm64/qwen dist/darwin-x64/qwen",
  ],
  ["sign-darwin", 'test "$(dist/darwin-arm64/qwen --version)" = "$version"'],
  ["sign-darwin", 'test "$(arch -x86_64 dist/darwin-x64/qwen --version)" = "$version"'],
  ["sign-darwin", 'codesign --verify --strict --verbose=2 "dist/$target/qwen"'],
  ["sign-darwin", 'xcrun notarytool submit "$RUNNER_TEMP/$target.zip" --wait \\'],
  ["package", "bun build.ts --all --prebuilt --offline-bundle --packages"],
  ["package", "digest=$(sh .github/release/digest.sh dist/release)"],
  ["rebuild-verify", "bun build.ts --all --no-archive"],
  [
    "rebuild-verify",
    "jq -S '.targets | map_values(.unsigned_sha256 // .binary_sha256)' release/manifest.json >published",
  ],
  [
    "rebuild-verify",
    "jq -S 'map_values(.unsignedSha256)' another/place/dist/compilation.json >rebuilt",
  ],
  ["rebuild-verify", "diff published rebuilt"],
  ["smoke", 'bun test/release/smoke.ts release "$TARGET"'],
  ["smoke-musl", 'sh .github/release/smoke-in-alpine.sh release "$TARGET"'],
  ["images", 'bun test/release/use-image.ts qwen "$(cat release/LATEST)"'],
  ["sign", "sh .github/release/sign.sh release signatures"],
  ["publish", '(cd "$RUNNER_TEMP/published" && sha256sum -c --strict SHA256SUMS ./*.sha256)'],
  [
    "use-images",
    `bun test/release/use-image.ts "ghcr.io/\${REPOSITORY,,}@$(cat pushed/digest)" "$VERSION"`,
  ],
  ["move-tags", `minor=\${VERSION%.*}`],
  ["move-tags", 'if [ "$LATEST" = true ]; then'],
  ["move-tags", `docker buildx imagetools create "\${tags[@]}" "$image@$(cat pushed/digest)"`],
  ["verify", 'sh -s -- --verify-attestation --signing-key "$RUNNER_TEMP/key"'],
  ["verify", 'test "$("$HOME/.local/bin/qwen" --version)" = "$VERSION"'],
  ["verify", 'gh release verify "v$VERSION" --repo "$REPOSITORY"'],
];

/** What `ci.yml` asks of a commit, which a release asks again. */
export const CI_LINES: readonly (readonly [string, string])[] = [
  ["lint", "bun run check"],
  ["lint", "shellcheck .ci/run install.sh .github/docker/*.sh .github/release/*.sh"],
  ["test", "bash .ci/run"],
  ["installer", "bun test --no-env-file test/install"],
  ["build", "bun build.ts --all --check-repro"],
  ["build", "bun build.ts --all"],
  ["smoke", 'bun test/release/smoke.ts release "$TARGET"'],
  [
    "old-cpu",
    'test "$(qemu-x86_64-static -cpu Nehalem ./qwen --version)" = "$(cat release/LATEST)"',
  ],
];

/** Says which of these lines no job has. */
export function findMissingLines(
  { jobs }: Workflow,
  lines: readonly (readonly [string, string])[],
): string[] {
  return lines
    .filter(([job, line]) => !runs(jobs[job] ?? {}, line))
    .map(([job, line]) => `${job} does not run \`${line}\``);
}
