import { describe, expect, test } from "bun:test";
import { draftOf } from "../../../src/chat/editor/line-editor.ts";
import { findEarlier, searchKey } from "../../../src/chat/editor/search-history.ts";
import { createKeyParser } from "../../../src/terminal/parse-keys.ts";

const HISTORY = ["make test", "git Commit", "make build", "git push"];
const KEYS = " Ctrl+R earlier · Enter takes it · Esc leaves";

/** The line that is shown, what stands below it, and whether the search goes on. */
function searched(typed: string, history: readonly string[] = HISTORY) {
  const begun = findEarlier(draftOf("begun"), history);
  let [search, draft, below] = [begun.search, begun.draft, begun.below as string | undefined];
  const parser = createKeyParser();
  for (const key of [...parser.push(typed), ...parser.flush()]) {
    if (search === undefined) {
      throw new Error("the search is over");
    }
    ({ search, draft, below } = searchKey(key, search, history));
  }
  return [draft.text, below?.replace(KEYS, ""), search !== undefined] as const;
}

describe("a search of earlier lines", () => {
  test.each<readonly [name: string, typed: string, ...ReturnType<typeof searched>]>([
    ["begins with what is being written", "", "begun", "(search: )", true],
    ["shows the last one that has it", "make", "make build", "(search: make)", true],
    ["shows the very last one", "push", "git push", "(search: push)", true],
    ["does not mind the case", "COMMIT", "git Commit", "(search: COMMIT)", true],
    ["goes to earlier ones", "make\u0012", "make test", "(search: make)", true],
    [
      "stays at the first one",
      "make\u0012\u0012",
      "make test",
      "(nothing earlier with: make)",
      true,
    ],
    ["stays where nothing has it", "zz", "begun", "(nothing earlier with: zz)", true],
    ["begins anew with each letter", "git\u0012 p", "git push", "(search: git p)", true],
    ["begins anew without one", "make t\u007f\u007f", "make build", "(search: make)", true],
    ["has nothing for nothing", "m\u007f", "begun", "(search: )", true],
    ["goes nowhere without a word", "\u0012", "begun", "(search: )", true],
    ["takes the line with Enter", "make\r", "make build", undefined, false],
    ["takes it with any other key", "make\u001b[C", "make build", undefined, false],
    ["leaves with Escape", "make\u001b", "begun", undefined, false],
    ["leaves with Ctrl+C", "make\u0003", "begun", undefined, false],
    ["leaves with Ctrl+G", "make\u0007", "begun", undefined, false],
    ["keeps what was written where none was found", "zz\r", "begun", undefined, false],
    ["takes a paste", "\u001b[200~push\u001b[201~", "git push", "(search: push)", true],
  ])("%s", (_name, typed, line, below, goesOn) => {
    expect(searched(typed)).toEqual([line, below, goesOn]);
  });

  test("says which keys there are", () => {
    expect(findEarlier(draftOf(""), []).below).toBe(`(search: )${KEYS}`);
    expect(searched("a", [])).toEqual(["begun", "(nothing earlier with: a)", true]);
    expect(searched("a", ["a"])).toEqual(["a", "(search: a)", true]);
  });
});
