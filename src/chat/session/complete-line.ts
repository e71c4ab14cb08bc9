import type { SessionPorts } from "./session-ports.ts";
import { type Completion, commonStart, completeSlash } from "./slash-commands.ts";

/** Candidates that are named. */
const MOST_SHOWN = 20;

/** What Tab makes of a line: slash commands, ids of models behind `/model`, paths behind `@`. */
export function completeLine(
  line: string,
  { modelIds, pathsLike }: Pick<SessionPorts, "modelIds" | "pathsLike">,
): Completion {
  const [, command = "", id] = /^([/／]model +)(\S*)$/u.exec(line) ?? [];
  if (id !== undefined) {
    return among(modelIds(), { before: command, begun: id, after: " " });
  }
  const [, before = "", path] = /^([\s\S]*(?:^|\s)@)(\S*)$/.exec(line) ?? [];
  if (path !== undefined) {
    return among(pathsLike(path), { before, begun: path, after: "" });
  }
  const [, saving = "", file] = /^(\/save +)(\S*)$/.exec(line) ?? [];
  return file === undefined
    ? completeSlash(line)
    : among(pathsLike(file), { before: saving, begun: file, after: "" });
}

type Part = { readonly before: string; readonly begun: string; readonly after: string };

function among(all: readonly string[], { before, begun, after }: Part): Completion {
  const fitting = all.filter((each) => each.startsWith(begun));
  const [first, ...others] = fitting;
  if (first === undefined) {
    return { line: before + begun, candidates: [] };
  }
  if (others.length === 0) {
    return { line: before + first + (first.endsWith("/") ? "" : after), candidates: [] };
  }
  const candidates = fitting.slice(0, MOST_SHOWN);
  return { line: before + commonStart(fitting), candidates };
}
