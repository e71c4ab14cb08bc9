import type { JsoncEdit } from "../../lib/json/jsonc-edit.ts";

/**
 * The edits that select Qwen OAuth. A chosen model would win over it: the service has one of its
 * own (`spec/qwen-oauth.md`).
 */
export function applyOauth(): JsoncEdit[] {
  return [
    { kind: "set", path: ["security", "auth", "selectedType"], value: "qwen-oauth" },
    { kind: "remove", path: ["model", "name"] },
    { kind: "remove", path: ["model", "baseUrl"] },
  ];
}
