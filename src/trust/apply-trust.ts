import { realDirectory } from "../lib/files/inspect-file.ts";
import type { JsoncEdit } from "../lib/json/jsonc-edit.ts";
import { coveredFolder, decidingRule, type TrustRule, type TrustRules } from "./trusted-folders.ts";

/**
 * The edits that make a rule the one that decides about its folder (a real path): other spellings
 * of that folder go, and what distrusts the very folder that is to be trusted. None when the folder
 * is trusted anyway, or distrusted by a rule of its own.
 */
export function applyRule(
  rules: TrustRules,
  { folder, rule }: { readonly folder: string; readonly rule: TrustRule },
): readonly JsoncEdit[] {
  const covered = coveredFolder(folder, rule);
  const trusts = rule !== "DO_NOT_TRUST";
  const deciding = decidingRule(rules, covered);
  const decidesAlready = trusts
    ? deciding !== undefined && deciding.rule !== "DO_NOT_TRUST"
    : deciding?.rule === rule && sameFolder(deciding.folder, folder);
  if (decidesAlready) {
    return [];
  }
  const outdated = Object.entries(rules).filter(
    ([path, other]) =>
      path !== folder &&
      (sameFolder(path, folder) ||
        (trusts && other === "DO_NOT_TRUST" && sameFolder(path, covered))),
  );
  return [...outdated.map(([path]) => remove(path)), { kind: "set", path: [folder], value: rule }];
}

/** The edits that take away every rule of a folder (a real path), however it is spelled. */
export function applyRevoke(rules: TrustRules, folder: string): readonly JsoncEdit[] {
  return Object.keys(rules)
    .filter((path) => sameFolder(path, folder))
    .map(remove);
}

function remove(path: string): JsoncEdit {
  return { kind: "remove", path: [path] };
}

function sameFolder(path: string, folder: string): boolean {
  return realDirectory(path.replace(/(?<=.)\/+$/, "")) === folder;
}
