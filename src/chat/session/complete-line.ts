import type { SessionPorts } from "./session-ports.ts";
import { type Completion, commonStart, completeSlash } from "./slash-commands.ts";

/** Candidates that are named. */
const MOST_SHOWN = 20;

/**
 * What Tab makes of a line: slash commands, ids of models behind `/model`, accounts behind
 * `/account`, paths behind `@`.
 */
export function completeLine(
  line: string,
  {
    modelIds,
    accountWords,
    pathsLike,
  }: Pick<SessionPorts, "modelIds" | "accountWords" | "pathsLike">,
): Completion {
  const [, command = "", name, word] = /^([/／](model|account) +)(\S*)$/u.exec(line) ?? [];
  if (word !== undefined) {
    const words = name === "model" ? modelIds() : accountWords();
    return among(words, { before: command, begun: word, after: " " });
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
