import { isJsonObject, type JsonObject } from "../lib/json/json-object.ts";

/**
 * Where one question has several answers (`n`, `candidateCount`), their pieces take turns: only those
 * of the answer that came first are given, and of those that come at once the first in number.
 * `undefined`: these pieces belong to others.
 */
export function createAnswerChoice(): (pieces: unknown) => JsonObject | undefined {
  let own: number | undefined;
  const isOwn = (piece: unknown): boolean => (indexOf(piece) ?? own ?? 0) === (own ?? 0);
  return (pieces) => {
    const all: readonly unknown[] = Array.isArray(pieces) ? pieces : [];
    const piece = all.length > 1 ? (all.find(isOwn) ?? all[0]) : all[0];
    own ??= indexOf(piece);
    return isJsonObject(piece) && isOwn(piece) ? piece : undefined;
  };
}

/** `undefined`: a server that gives one answer has no need to number it. */
function indexOf(piece: unknown): number | undefined {
  return isJsonObject(piece) && typeof piece.index === "number" ? piece.index : undefined;
}
