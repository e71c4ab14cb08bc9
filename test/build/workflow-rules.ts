import { existsSync } from "node:fs";
import { join } from "node:path";
import { readOptions } from "../../build/options.ts";
import { ROOT } from "../../build/project.ts";
import packageJson from "../../package.json" with { type: "json" };

/** The commits of actions that `reference/distribution.md` §5 found in use, with their versions. */
const PINS: Readonly<Record<string, string>> = {
  "actions/checkout": "3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1",
  "actions/upload-artifact": "043fb46d1a93c77aae656e7c1c64a875d1fc6a0a # v7.0.1",
  "actions/download-artifact": "3e5f45b2cfb9172054b4087a40e8e0b5a5461e7c # v8.0.1",
  "actions/attest-build-provenance": "4d101475d8b20a2381f78447822ac1eab6504dd8 # v4.2.2",
  "docker/setup-buildx-action": "bb05f3f5519dd87d3ba754cc423b652a5edd6d2c # v4.2.0",
  "docker/login-action": "dbcb813823bdd20940b903addbd779551569679f # v4.6.0",
  "docker/metadata-action": "dc802804100637a589fabce1cb79ff13a1411302 # v6.2.0",
  "docker/build-push-action": "53b7df96c91f9c12dcc8a07bcb9ccacbed38856a # v7",
  "zizmorcore/zizmor-action": "3dc1ecc9bcb9e94e9b2c709687979e1298497054 # v0.6.2",
  "apple-actions/import-codesign-certs": "5142e029c445c10ffc7149d172e540235a065466 # v7",
};

const RUNNERS = [
  "ubuntu-24.04",
  "ubuntu-24.04-arm",
  "macos-14",
  "macos-15-intel",
  "windows-2025",
  "windows-11-arm",
];

/** The only jobs that may change anything outside of their run. */
const WRITERS: Readonly<Record<string, readonly string[]>> = {
  attest: ["id-token", "attestations"],
  publish: ["contents"],
  image: ["packages", "id-token", "attestations"],
  "move-tags": ["packages"],
};

export type Step = {
  readonly name?: string;
  readonly id?: string;
  readonly if?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly "working-directory"?: string;
};

export type Job = {
  readonly if?: string;
  /** Another workflow, which has its own runner and limits. */
  readonly uses?: string;
  readonly secrets?: unknown;
  readonly environment?: string;
  readonly needs?: string | readonly string[];
  readonly "runs-on"?: string;
  readonly "timeout-minutes"?: number;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly outputs?: Readonly<Record<string, string>>;
  readonly strategy?: { readonly matrix: Readonly<Record<string, unknown>> };
  readonly steps?: readonly Step[];
};

export type Workflow = {
  readonly on?: unknown;
  readonly defaults?: unknown;
  readonly concurrency?: Readonly<Record<string, unknown>>;
  readonly permissions?: object;
  readonly jobs: Readonly<Record<string, Job>>;
};

/** All scripts of a workflow, for the tools that check them. */
export function scriptsOf(text: string): readonly string[] {
  const steps = Object.values(parseWorkflow(text).jobs).flatMap((job) => job.steps ?? []);
  return steps.flatMap(({ run }) => run ?? []);
}

/** The boundary to YAML: what is missing is found below. */
export function parseWorkflow(text: string): Workflow {
  return Bun.YAML.parse(text) as Workflow;
}

/** Says everything that is wrong with a workflow. */
export function findWorkflowProblems(text: string): string[] {
  const workflow = parseWorkflow(text);
  const problems = text.split("\n").flatMap(checkPin);
  if (JSON.stringify(workflow.permissions) !== "{}") {
    problems.push("the workflow itself has permissions");
  }
  if (/pull_request/.test(JSON.stringify(workflow.on)) && text.includes("secrets.")) {
    problems.push("pull requests reach a secret");
  }
  if (JSON.stringify(workflow.on).includes("pull_request_target")) {
    problems.push("pull requests of forks run with the rights of the repository");
  }
  for (const [name, job] of Object.entries(workflow.jobs)) {
    const found = [
      ...checkJob(name, job),
      ...checkReferences(name, workflow),
      ...(job.steps ?? []).flatMap(checkStep),
    ];
    problems.push(...found.map((problem) => `${name}: ${problem}`));
  }
  return problems;
}

function checkPin(line: string): string[] {
  const [, action = "", pin] = /^\s*(?:- )?uses: ([^@\s]+)@?(.*)$/.exec(line) ?? [];
  const isOurs = action.startsWith("./");
  return action === "" || isOurs || PINS[action] === pin
    ? []
    : [`${action} is not pinned as known: ${pin}`];
}

function checkJob(name: string, job: Job): string[] {
  const problems = checkRights(name, job);
  if (job.uses !== undefined) {
    const isKnown = /^\.\/\.github\/workflows\/[\w-]+\.yml$/.test(job.uses);
    return [...problems, ...(isKnown ? checkFiles(job.uses.slice(2)) : [`runs ${job.uses}`])];
  }
  const runsOn = job["runs-on"] ?? "";
  const runners = runsOn.includes("${{") ? matrixRunners(job) : [runsOn];
  problems.push(
    ...runners.filter((label) => !RUNNERS.includes(label)).map((label) => `no runner ${label}`),
  );
  if (runners.length === 0) {
    problems.push("no runner");
  }
  if (job["timeout-minutes"] === undefined) {
    problems.push("no timeout");
  }
  return problems;
}

function checkRights(name: string, job: Job): string[] {
  const rights = Object.entries(job.permissions ?? { all: "write" });
  const writes = rights.filter(([, right]) => right !== "read").map(([right]) => right);
  const forbidden = writes.filter((right) => !WRITERS[name]?.includes(right));
  return forbidden.map((right) => `may write ${right}`);
}

function matrixRunners({ strategy }: Job): string[] {
  const { runner, include } = strategy?.matrix ?? {};
  const included = Array.isArray(include) ? include.map((entry) => entry.runner) : [];
  return [...(Array.isArray(runner) ? runner : []), ...included].map(String);
}

/** What `needs`, outputs, the matrix and artifacts name must be there. */
function checkReferences(name: string, { jobs }: Workflow): string[] {
  const job = jobs[name] ?? {};
  const needs = [job.needs ?? []].flat();
  const problems = needs
    .filter((need) => jobs[need] === undefined)
    .map((need) => `needs ${need}, which is no job`);
  const text = JSON.stringify(job);
  for (const [, need = "", output = ""] of text.matchAll(/needs\.([\w-]+)\.outputs\.([\w-]+)/g)) {
    if (!needs.includes(need) || jobs[need]?.outputs?.[output] === undefined) {
      problems.push(`takes ${output} of ${need}, which does not give it`);
    }
  }
  for (const [, step = ""] of text.matchAll(/steps\.([\w-]+)\.outputs/g)) {
    if (!job.steps?.some(({ id }) => id === step)) {
      problems.push(`takes an output of ${step}, which is no step`);
    }
  }
  for (const [, key = ""] of text.matchAll(/matrix\.([\w-]+)/g)) {
    if (!JSON.stringify(job.strategy?.matrix ?? {}).includes(`"${key}":`)) {
      problems.push(`takes ${key} of the matrix, which does not have it`);
    }
  }
  const before = [...allNeeds(name, jobs)].map((need) => jobs[need] ?? {});
  const uploaded = before.flatMap((other) => artifacts(other, "upload"));
  const missing = artifacts(job, "download").filter((artifact) => !uploaded.includes(artifact));
  const taken = Object.keys(jobs)
    .filter((other) => allNeeds(other, jobs).has(name))
    .flatMap((other) => artifacts(jobs[other] ?? {}, "download"));
  const left = artifacts(job, "upload").filter((artifact) => !taken.includes(artifact));
  return [
    ...problems,
    ...missing.map((artifact) => `downloads ${artifact}, which nobody uploads`),
    ...left.map((artifact) => `uploads ${artifact}, which nobody takes`),
  ];
}

/** All jobs that have to succeed before a job starts. */
export function allNeeds(
  name: string,
  jobs: Workflow["jobs"],
  found = new Set<string>(),
): Set<string> {
  for (const need of [jobs[name]?.needs ?? []].flat()) {
    if (!found.has(need)) {
      found.add(need);
      allNeeds(need, jobs, found);
    }
  }
  return found;
}

function artifacts({ steps = [] }: Job, direction: "upload" | "download"): string[] {
  return steps
    .filter(({ uses }) => uses?.startsWith(`actions/${direction}-artifact@`))
    .map((step) => String(step.with?.name));
}

function checkStep(step: Step): string[] {
  const { uses = "", run = "", with: inputs = {}, env = {} } = step;
  const problems: string[] = [];
  // Lines are looked at for the version that a pin is of; this also finds what is written otherwise.
  const [action = "", commit] = uses.split("@");
  if (uses !== "" && (commit === undefined || !PINS[action]?.startsWith(`${commit} `))) {
    problems.push(`takes ${uses}`);
  }
  if (uses.startsWith("actions/checkout@") && inputs["persist-credentials"] !== false) {
    problems.push("checkout leaves its token on disk");
  }
  if (uses.startsWith("docker/setup-buildx-action@") && !isPinnedImage(inputs["driver-opts"])) {
    problems.push("the image of BuildKit is not pinned by its digest");
  }
  if (run.includes("${{")) {
    problems.push("an expression is put into a script, not into its environment");
  }
  return [...problems, ...checkCommands(run), ...checkFiles(JSON.stringify([run, inputs, env]))];
}

function isPinnedImage(options: unknown): boolean {
  return /^image=\S+@sha256:[0-9a-f]{64}$/.test(String(options));
}

/** Images of a Dockerfile, its own syntax among them, that could be others tomorrow. */
export function findUnpinnedImages(dockerfile: string): string[] {
  const images = [...dockerfile.matchAll(/^(?:# syntax=|ARG [A-Z]+=|FROM (?:--\S+ )?)(\S+)/gm)];
  return images
    .map(([, image = ""]) => image)
    .filter((image) => !image.startsWith("${") && !/:[^@]+@sha256:[0-9a-f]{64}$/.test(image));
}

/** `bun run`, `bun build.ts` and `bun test` are called as they are. */
function checkCommands(run: string): string[] {
  const problems: string[] = [];
  for (const [, script = ""] of run.matchAll(/\bbun run ([\w-]+)/g)) {
    if (!(script in packageJson.scripts)) {
      problems.push(`there is no script ${script}`);
    }
  }
  for (const [, args = ""] of run.matchAll(/\bbun build\.ts(.*)$/gm)) {
    try {
      readOptions(args.trim().split(" "));
    } catch (error) {
      problems.push(`bun build.ts${args}: ${error instanceof Error ? error.message : error}`);
    }
  }
  return problems;
}

/** Paths of the repository; `dist` and `release` are made, so only their names are known. */
function checkFiles(text: string): string[] {
  const paths = text.match(/(?<![\w/.-])(?:\.ci|\.github|build|test|docs)\/[\w./-]*\w/g) ?? [];
  return paths.filter((path) => !existsSync(join(ROOT, path))).map((path) => `there is no ${path}`);
}
