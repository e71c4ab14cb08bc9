import { shellWord } from "../lib/shell.ts";

/** Where this program lies, and what is known about how it got there. */
export type InstallationFacts = {
  /** Of the program, with links followed. */
  readonly path: string;
  readonly platform: string;
  /** The package that the system's package manager says owns it. */
  readonly owner: { readonly manager: "dpkg" | "rpm" | "apk"; readonly name: string } | undefined;
  /** Package managers that were asked and did not answer in time. */
  readonly silent: readonly string[];
  /** `build.ts` lies two directories above it. */
  readonly isInCheckout: boolean;
  /** What the project has whose `node_modules` it lies in; `undefined` where there is none. */
  readonly project:
    | { readonly directory: string; readonly lockFile: string | undefined }
    | undefined;
  /** Files in its directory can be replaced. */
  readonly isWritable: boolean;
  readonly hasCurl: boolean;
  /** Where releases are: `https://github.com/owner/name/releases`, or a mirror of it. */
  readonly releases: string | undefined;
  /** The files of a mirror lie beside each other. */
  readonly isFlat: boolean;
  readonly arch: string;
};

/** How this program was installed, and the line that updates it. */
export type Installation = {
  readonly method:
    | "installer"
    | "checkout"
    | "npm"
    | "bun"
    | "pnpm"
    | "yarn"
    | "volta"
    | "homebrew"
    | "scoop"
    | "winget"
    | "mise"
    | "aqua"
    | "nix"
    | "deb"
    | "rpm"
    | "apk";
  /** For `sh`, on Windows for PowerShell; `undefined` where no home of releases is known. */
  readonly line: string | undefined;
};

/** What a path says for itself, most specific first; the name is taken from it. */
const BY_PATH: readonly (readonly [RegExp, (name: string) => Installation])[] = [
  [/\/Cellar\/([^/]+)\//, (name) => ({ method: "homebrew", line: `brew upgrade ${name}` })],
  [/\/scoop\/apps\/([^/]+)\//i, (name) => ({ method: "scoop", line: `scoop update ${name}` })],
  [
    /\/WinGet\/Packages\/([^/_]+)_/i,
    (name) => ({ method: "winget", line: `winget upgrade --exact --id ${name}` }),
  ],
  [/\/mise\/installs\/([^/]+)\//, (name) => ({ method: "mise", line: `mise upgrade ${name}` })],
  [/\/(aquaproj-aqua)\/pkgs\//, () => ({ method: "aqua", line: "aqua update qwen" })],
  [/^\/(nix)\/store\//, () => ({ method: "nix", line: "nix profile upgrade qwen" })],
];

type PackageManager = Extract<Installation["method"], "npm" | "bun" | "pnpm" | "yarn" | "volta">;

/** Where each keeps what it installs for all projects, and the words that put a newer one there. */
const GLOBAL: readonly (readonly [RegExp, PackageManager, string])[] = [
  [/\/install\/global\/node_modules\//, "bun", "bun add --global"],
  [/\/global\/v?\d+\/|\/store\/v\d+\/links\//, "pnpm", "pnpm add --global"],
  [/\/yarn\/(?:data\/)?global\/node_modules\//i, "yarn", "yarn global add"],
  [/\/tools\/image\/packages\//, "volta", "volta install"],
];

/** Whose project it is, and the words that put a newer one into it. */
export const LOCK_FILES: Readonly<Record<string, readonly [PackageManager, string]>> = {
  "bun.lock": ["bun", "bun add"],
  "bun.lockb": ["bun", "bun add"],
  "pnpm-lock.yaml": ["pnpm", "pnpm add"],
  "yarn.lock": ["yarn", "yarn add"],
};

/** No other directory was named by a package manager; such a name is a word in every shell. */
const PACKAGE_NAME = /^@?\w[\w.+-]*(?:\/\w[\w.+-]*)?$/;

/** npm has one package a platform under the one that people install. */
function wrapperOf(name: string): string {
  return name.replace(/-(?:linux|darwin|windows)-(?:x64|arm64)(?:-musl)?$/, "");
}

/** Tells from facts how the program was installed, and how it is updated the same way. */
export function describeInstallation(facts: InstallationFacts): Installation {
  const path = facts.path.replaceAll("\\", "/");
  const ofModules = ofNodeModules(facts, path);
  if (ofModules !== undefined) {
    return ofModules;
  }
  for (const [pattern, toInstallation] of BY_PATH) {
    const [, name] = pattern.exec(path) ?? [];
    if (name !== undefined && PACKAGE_NAME.test(name)) {
      return toInstallation(name);
    }
  }
  if (facts.owner !== undefined) {
    return ofPackage(facts, facts.owner);
  }
  if (facts.isInCheckout) {
    const checkout = path.split("/").slice(0, -3).join("/");
    return {
      method: "checkout",
      line: `cd ${shellWord(checkout)} && git pull --ff-only && sh install.sh --from-source`,
    };
  }
  return { method: "installer", line: installerLine(facts, path) };
}

/** The package is the one in the innermost `node_modules`: pnpm has more around it. */
function ofNodeModules({ project }: InstallationFacts, path: string): Installation | undefined {
  const [, name] = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path) ?? [];
  if (name === undefined || !PACKAGE_NAME.test(name)) {
    return undefined;
  }
  const wanted = `${wrapperOf(name)}@latest`;
  const [, owner, words] = GLOBAL.find(([pattern]) => pattern.test(path)) ?? [];
  if (owner !== undefined) {
    return { method: owner, line: `${words} ${wanted}` };
  }
  if (project !== undefined) {
    const [method, add] = LOCK_FILES[project.lockFile ?? ""] ?? (["npm", "npm install"] as const);
    return { method, line: `cd ${shellWord(project.directory)} && ${add} ${wanted}` };
  }
  return { method: "npm", line: `npm install --global ${wanted}` };
}

function ofPackage(
  facts: InstallationFacts,
  { manager, name }: NonNullable<InstallationFacts["owner"]>,
): Installation {
  const target = `linux-${facts.arch}`;
  switch (manager) {
    case "apk":
      return { method: "apk", line: `sudo apk add --upgrade ${name}` };
    case "dpkg": {
      const url = latest(facts, `qwen-${target}.deb`);
      return {
        method: "deb",
        line:
          url &&
          `d=$(mktemp -d) && curl -fsSL -o "$d/qwen.deb" ${shellWord(url)} && sudo apt-get install "$d/qwen.deb"`,
      };
    }
    case "rpm": {
      const url = latest(facts, `qwen-${target}.rpm`);
      return { method: "rpm", line: url && `sudo rpm --upgrade ${shellWord(url)}` };
    }
  }
}

function latest({ releases, isFlat }: InstallationFacts, name: string): string | undefined {
  const base = releases?.replace(/\/+$/, "");
  return base && (isFlat ? `${base}/${name}` : `${base}/latest/download/${name}`);
}

/**
 * The installer is fetched whole before any of it runs: in a pipe, a download that failed would
 * be a script without a line, which succeeds.
 */
function installerLine(facts: InstallationFacts, path: string): string | undefined {
  if (facts.platform === "win32") {
    const url = latest(facts, "install.ps1");
    return url && `irm '${url}' | iex`;
  }
  const url = latest(facts, "install.sh");
  const directory = shellWord(path.slice(0, path.lastIndexOf("/")) || "/");
  const fetch = facts.hasCurl ? "curl -fsSL" : "wget -qO-";
  const root = facts.isWritable ? "" : "sudo ";
  return url && `i=$(${fetch} ${shellWord(url)}) && ${root}sh -c "$i" sh --bin-dir ${directory}`;
}
