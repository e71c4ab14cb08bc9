import type { LoadedDotenv } from "../env/load-dotenv.ts";
import { formatMode } from "../lib/files/inspect-file.ts";
import { shellWord } from "../lib/shell.ts";
import type { Scope } from "../source.ts";
import { type Check, check, type Failure, failed } from "./check.ts";

type Ownership = { readonly owner: number; readonly mode: number };

type Saving = {
  /** Why no login could be saved. */
  readonly obstacle: Failure | undefined;
};

export type HomeFacts =
  | (Saving & { readonly kind: "missing"; readonly path: string })
  | { readonly kind: "unusable"; readonly path: string; readonly why: string }
  | (Ownership &
      Saving & {
        readonly kind: "directory";
        readonly path: string;
        /** Why one of the files that are written there could not be. */
        readonly unwritable?: Failure | undefined;
        /** The names of files that are mounted by themselves. */
        readonly inPlace: readonly string[];
      });

/** The directory that settings, keys and rules stand in. */
export function checkHome(facts: HomeFacts, uid: number | undefined): Check {
  const { kind, path } = facts;
  switch (kind) {
    case "missing": {
      const fault = faultOfSaving(facts);
      return check("home", {
        status: fault === undefined ? "ok" : "warning",
        summary: fault?.summary ?? `\`${path}\` does not exist yet; the first login makes it`,
        remedy: fault?.remedy,
      });
    }
    case "unusable":
      return check("home", {
        status: "failed",
        summary: `\`${path}\` cannot be used: ${facts.why}`,
        remedy: "remove what stands there, or point QWEN_HOME to a directory",
      });
    case "directory": {
      const fault = faultOfHome(facts, uid);
      return check("home", {
        status: fault === undefined ? "ok" : "warning",
        summary: fault?.summary ?? `\`${path}\` is private (${formatMode(facts.mode)})`,
        remedy: fault?.remedy,
      });
    }
  }
}

type Fault = { readonly summary: string; readonly remedy: string };

const ELSEWHERE = "point QWEN_HOME to another directory";

function faultOfSaving({ obstacle }: Saving): Fault | undefined {
  return obstacle === undefined
    ? undefined
    : {
        summary: `no login can be saved: ${obstacle.message}`,
        remedy: obstacle.hint ?? ELSEWHERE,
      };
}

function faultOfHome(
  facts: Extract<HomeFacts, { kind: "directory" }>,
  uid: number | undefined,
): Fault | undefined {
  const { path, owner, mode, unwritable, inPlace } = facts;
  const unsaved = faultOfSaving(facts);
  if (unsaved !== undefined) {
    return unsaved;
  }
  if (uid !== undefined && owner !== uid) {
    return belongsToOther(path, owner);
  }
  if (unwritable !== undefined) {
    return { summary: unwritable.message, remedy: unwritable.hint ?? ELSEWHERE };
  }
  if (inPlace.length > 0) {
    const names = inPlace.map((name) => `\`${name}\``).join(" and ");
    return {
      summary: `${names} in \`${path}\` cannot be replaced (a mount point): a crash can cut a write short`,
      remedy: `mount the directory \`${path}\`, not the single file`,
    };
  }
  return uid !== undefined && (mode & 0o077) !== 0
    ? {
        summary: `others can look into \`${path}\` (mode ${formatMode(mode)})`,
        remedy: `run \`chmod 700 ${shellWord(path)}\``,
      }
    : undefined;
}

function belongsToOther(path: string, owner: number): Fault {
  return {
    summary: `\`${path}\` belongs to another user (uid ${owner})`,
    remedy: `make \`${path}\` your own, or point QWEN_HOME elsewhere`,
  };
}

export type WorkTreeFacts = {
  /** The user's folder, or their home. */
  readonly path: string;
  /** `undefined`: git could not be asked. */
  readonly isInside: boolean | undefined;
};

/** Whoever may change a work tree that one's own files lie in says where the keys go. */
export function checkWorkTree({ path, isInside }: WorkTreeFacts): Check {
  const id = "home.git";
  switch (isInside) {
    case undefined:
      return check(id, { status: "skipped", summary: "git could not be asked" });
    case false:
      return check(id, { status: "ok", summary: `\`${path}\` lies in no git work tree` });
    case true:
      return check(id, {
        status: "warning",
        summary:
          `\`${path}\` lies in a git work tree: ` +
          "settings and key helpers that are committed there count as your own",
        remedy: "point HOME or QWEN_HOME to a directory outside of the checkout",
      });
  }
}

export type SettingsFacts = {
  readonly scope: Scope;
  readonly path: string;
} & (
  | { readonly kind: "absent"; readonly why: string }
  | { readonly kind: "broken"; readonly failure: Failure }
  | { readonly kind: "passed-over" | "distrusted"; readonly why: string }
  | (Ownership & {
      readonly kind: "read";
      readonly holdsKey: boolean;
      readonly isTracked: boolean;
      /** What the loader says of it. */
      readonly warnings: readonly string[];
    })
);

/** What the loader's warnings say, which the check of that file says, too. */
export function saidOfSettings(facts: SettingsFacts): readonly string[] {
  switch (facts.kind) {
    case "absent":
    case "broken":
      return [];
    case "passed-over":
    case "distrusted":
      return [facts.why];
    case "read":
      return facts.warnings;
  }
}

export function checkSettings(facts: SettingsFacts, uid: number | undefined): Check {
  const id = `settings.${facts.scope}`;
  switch (facts.kind) {
    case "absent":
    case "distrusted":
      return check(id, { status: "skipped", summary: facts.why });
    case "broken":
      return failed(id, facts.failure);
    case "passed-over":
      return check(id, {
        status: "warning",
        summary: facts.why,
        remedy: "make the file your own, with one name and writable by nobody else, or remove it",
      });
    case "read": {
      const fault = faultOfSettings(facts, uid);
      const key = facts.holdsKey ? ", holds a key" : "";
      return check(id, {
        status: fault === undefined ? "ok" : "warning",
        summary: fault?.summary ?? `\`${facts.path}\` is read (${formatMode(facts.mode)}${key})`,
        remedy: fault?.remedy,
      });
    }
  }
}

function faultOfSettings(
  facts: Extract<SettingsFacts, { kind: "read" }>,
  uid: number | undefined,
): Fault | undefined {
  const { path, scope, owner, mode, holdsKey, isTracked } = facts;
  if (holdsKey && isTracked) {
    return tracked(path);
  }
  if (uid === undefined) {
    return undefined;
  }
  if (owner !== uid && owner !== 0) {
    return belongsToOther(path, owner);
  }
  const isOpen = (mode & 0o002) !== 0;
  if (!isOpen && !(holdsKey && (mode & 0o077) !== 0)) {
    return undefined;
  }
  const isShared = owner !== uid || scope === "system" || scope === "system-defaults";
  return {
    summary: isOpen
      ? `others can change \`${path}\` (mode ${formatMode(mode)})`
      : `others can read \`${path}\`, which holds a key (mode ${formatMode(mode)})`,
    remedy:
      isShared && !isOpen
        ? "keep keys in your own settings: run `qwen auth`"
        : `run \`chmod ${holdsKey ? "600" : "o-w"} ${shellWord(path)}\``,
  };
}

function tracked(path: string): Fault {
  return {
    summary: `git tracks \`${path}\`, which holds a key`,
    remedy: `run \`git rm --cached ${shellWord(path)}\`, add it to .gitignore, and renew the key`,
  };
}

export type DotenvFacts =
  | { readonly kind: "broken"; readonly failure: Failure }
  | { readonly kind: "loaded"; readonly dotenv: LoadedDotenv };

/** The one `.env` that is read, and why others are not. */
export function checkDotenv(facts: DotenvFacts): Check {
  if (facts.kind === "broken") {
    return failed("dotenv", facts.failure);
  }
  const { path, origin, shadowed, warnings } = facts.dotenv;
  const whose = origin === "user" ? "your own" : "the project's";
  const hidden = shadowed.flatMap((file) =>
    file.isLoginFile === true ? file.names.filter(isKeyName) : [],
  );
  return check("dotenv", {
    status: warnings.length > 0 || hidden.length > 0 ? "warning" : "ok",
    summary: path === undefined ? "no `.env` is read" : `\`${path}\` is read (${whose})`,
    detail: [
      ...warnings,
      ...shadowed.map((other) => `\`${other.path}\` is not read: another came first`),
      ...hidden.map((name) => `\`${name}\` of it is hidden: \`${LIST}\` does not list it`),
    ],
    remedy:
      hidden.length === 0
        ? undefined
        : `add ${hidden.map((name) => `\`"${name}"\``).join(", ")} to \`${LIST}\` of your settings`,
  });
}

/** The names of a login file that hold whatever other `.env` comes first. */
const LIST = "security.auth.envFile";

const KEY_NAME = /KEY|TOKEN|SECRET|PASSWORD/;

/** Whether a variable of this name may hold a key. */
export function isKeyName(name: string): boolean {
  return KEY_NAME.test(name);
}

/** A `.env` with a key. */
export type KeyFile = {
  readonly path: string;
  /** `undefined`: git could not be asked. */
  readonly isTracked: boolean | undefined;
};

export function checkTracked(files: readonly KeyFile[]): Check {
  const id = "dotenv.git";
  const [first, ...more] = files.filter(({ isTracked }) => isTracked === true);
  if (first !== undefined) {
    const detail = more.map(({ path }) => tracked(path).summary);
    return check(id, { status: "warning", ...tracked(first.path), detail });
  }
  if (files.length === 0) {
    return check(id, { status: "skipped", summary: "no `.env` holds a key" });
  }
  return files.some(({ isTracked }) => isTracked === undefined)
    ? check(id, { status: "skipped", summary: "git could not be asked" })
    : check(id, { status: "ok", summary: "git tracks no `.env` with a key" });
}
