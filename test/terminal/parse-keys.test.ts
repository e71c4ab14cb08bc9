import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import type { Key } from "../../src/runtime.ts";
import { createKeyParser } from "../../src/terminal/parse-keys.ts";
import { inPieces } from "../support/cut-text.ts";

/** Keys as one reads them: names, texts in quotes, pastes in angle brackets. */
function names(keys: readonly Key[]): string[] {
  return keys.map(nameOf);
}

function nameOf(key: Key): string {
  switch (key.kind) {
    case "key":
      return key.name;
    case "text":
      return `"${key.text}"`;
    case "paste":
      return `<${key.text}>`;
  }
}

/** The keys of a text that arrives in these pieces; texts that touch are put together. */
function keysOf(pieces: readonly string[]): Key[] {
  const parser = createKeyParser();
  const joined: Key[] = [];
  for (const key of pieces.flatMap(parser.push)) {
    const last = joined.at(-1);
    if (last?.kind === "text" && key.kind === "text") {
      joined.splice(-1, 1, { kind: "text", text: last.text + key.text });
    } else {
      joined.push(key);
    }
  }
  return joined;
}

describe("createKeyParser() makes keys of", () => {
  const cases: readonly (readonly [name: string, sent: string, keys: readonly string[]])[] = [
    ["typed text", "héllo 世界 👍🏽", ['"héllo 世界 👍🏽"']],
    ["arrows", "\u001b[A\u001b[B\u001b[C\u001b[D", ["up", "down", "right", "left"]],
    [
      "arrows of the other mode",
      "\u001bOA\u001bOB\u001bOC\u001bOD",
      ["up", "down", "right", "left"],
    ],
    ["Home in all forms", "\u001b[H\u001bOH\u001b[1~\u001b[7~", ["home", "home", "home", "home"]],
    ["End in all forms", "\u001b[F\u001bOF\u001b[4~\u001b[8~", ["end", "end", "end", "end"]],
    ["Delete", "\u001b[3~", ["delete"]],
    ["Page Up and Page Down", "\u001b[5~\u001b[6~", ["page-up", "page-down"]],
    ["Enter and Ctrl+J", "\r\n", ["enter", "ctrl-j"]],
    [
      "Enter with Shift, in both forms",
      "\u001b[13;2u\u001b[27;2;13~",
      ["shift-enter", "shift-enter"],
    ],
    [
      "keys by their characters",
      "\u001b[27u\u001b[99;5u\u001b[98;3u",
      ["escape", "ctrl-c", "alt-b"],
    ],
    ["nothing of an unknown character", "\u001b[57399u\u001b[0;2u", []],
    ["nothing of a character that only looks like a letter", "\u001b[8490u\u001b[65633u", []],
    ["a letter with Shift", "\u001b[65;2u\u001b[122;6u", ["a", "ctrl-z"]],
    ["a blank in front", " a", ['" a"']],
    ["Alt and a blank", "\u001b ", ["alt- "]],
    ["Ctrl, Alt, Shift and Enter", "\u001b[13;8u", ["ctrl-alt-shift-enter"]],
    ["Tab and Shift-Tab", "\t\u001b[Z", ["tab", "shift-tab"]],
    ["Backspace in both forms", "\u007f\b", ["backspace", "backspace"]],
    ["Ctrl and a letter", "\u0001\u0003\u0004\u001a", ["ctrl-a", "ctrl-c", "ctrl-d", "ctrl-z"]],
    ["Alt and a letter", "\u001bb\u001bF\u001bü", ["alt-b", "alt-f", "alt-ü"]],
    ["Alt and Backspace or Enter", "\u001b\u007f\u001b\r", ["alt-backspace", "alt-enter"]],
    ["Ctrl and an arrow", "\u001b[1;5C\u001b[1;5D", ["ctrl-right", "ctrl-left"]],
    ["Alt and an arrow", "\u001b[1;3C\u001b[1;3D", ["alt-right", "alt-left"]],
    ["Ctrl, Alt and an arrow", "\u001b[1;7A", ["ctrl-alt-up"]],
    ["Shift and an arrow", "\u001b[1;2C", ["right"]],
    ["Ctrl and Delete", "\u001b[3;5~", ["ctrl-delete"]],
    ["keys between text", "a\u001b[Db\rc", ['"a"', "left", '"b"', "enter", '"c"']],
    ["two escapes and what belongs to the second", "\u001b\u001b[A", ["escape", "up"]],
  ];
  test.each(cases)("%s", (_name, sent, keys) => {
    expect(names(keysOf([sent]))).toEqual([...keys]);
  });
});

describe("createKeyParser() passes over", () => {
  const cases: readonly (readonly [name: string, sent: string])[] = [
    ["a click in the old form", "\u001b[M !!"],
    ["a click whose place looks like keys", "\u001b[M\u001b[A"],
    ["a click", "\u001b[<0;12;7M\u001b[<0;12;7m"],
    ["where the cursor stands", "\u001b[24;80R"],
    ["what the terminal is", "\u001b[?62;22c\u001b[>0;276;0c"],
    ["focus that comes and goes", "\u001b[I\u001b[O"],
    ["function keys", "\u001bOP\u001b[15~\u001b[24~"],
    ["function keys of the Linux console", "\u001b[[A\u001b[[E"],
    ["Insert", "\u001b[2~"],
    ["the end of a paste that never began", "\u001b[201~"],
    ["an answer with intermediates", "\u001b[?2026;2$y"],
    ["a colour that nobody asked for", "\u001b]11;rgb:0000/0000/0000\u001b\\"],
    ["a colour that ends with a bell", "\u001b]10;rgb:ffff/ffff/ffff\u0007"],
    ["the name of the terminal", "\u001bP>|XTerm(390)\u001b\\"],
    ["what it can do", "\u001bP1+r524742=38\u001b\\"],
    ["an answer about pictures", "\u001b_Gi=31;OK\u001b\\"],
  ];
  test.each(cases)("%s", (_name, sent) => {
    expect(names(keysOf([`a${sent}b`]))).toEqual(['"ab"']);
    expect(names(keysOf([..."a", ...sent, ..."b"]))).toEqual(['"ab"']);
  });
});

describe("createKeyParser() keeps a paste whole:", () => {
  const cases: readonly (readonly [name: string, pasted: string, keys: readonly string[]])[] = [
    ["text", "hello", ["<hello>"]],
    ["nothing", "", ["<>"]],
    ["line breaks of all kinds", "a\rb\nc\r\nd\r\n\r\ne", ["<a\nb\nc\nd\n\ne>"]],
    ["keys", "\u001b[A\u0003\t", ["<\u001b[A\u0003\t>"]],
    ["another beginning", "a\u001b[200~b", ["<a\u001b[200~b>"]],
    ["a lone escape at its end", "a\u001b", ["<a\u001b>"]],
  ];
  test.each(cases)("%s", (_name, pasted, keys) => {
    const sent = `\u001b[200~${pasted}\u001b[201~`;
    expect(names(keysOf([sent]))).toEqual([...keys]);
    expect(names(keysOf([...sent]))).toEqual([...keys]);
  });

  test("what follows it is typed", () => {
    expect(names(keysOf(["\u001b[200~a\rb\u001b[201~c\r"]))).toEqual(["<a\nb>", '"c"', "enter"]);
  });
});

describe("createKeyParser() that nothing follows", () => {
  const cases: readonly (readonly [name: string, sent: string, keys: readonly string[]])[] = [
    ["takes an escape for the Escape key", "\u001b", ["escape"]],
    ["takes two for two", "\u001b\u001b", ["escape", "escape"]],
    ["takes the beginning of a sequence apart", "\u001b[", ["escape", '"["']],
    ["takes the beginning of a function key apart", "\u001b[[", ["escape", '"[["']],
    ["takes the beginning of the other form apart", "\u001bO", ["escape", '"O"']],
    ["takes Alt and a letter that answers begin with for that", "\u001b]", ["alt-]"]],
    ["takes an answer without an end apart", "\u001b]1x", ["alt-]", '"1x"']],
    ["has nothing to say of text", "a", ['"a"']],
  ];
  test.each(cases)("%s", (_name, sent, keys) => {
    const parser = createKeyParser();
    const keysBefore = parser.push(sent);
    expect(names([...keysBefore, ...parser.flush()])).toEqual([...keys]);
    expect([parser.isOpen(), parser.flush()]).toEqual([false, []]);
  });

  test("waits for the end of a paste", () => {
    const parser = createKeyParser();
    expect(parser.push("\u001b[200~a")).toEqual([]);
    expect([parser.isOpen(), parser.flush(), parser.isOpen()]).toEqual([true, [], true]);
    expect(parser.push("b\u001b[201~")).toEqual([{ kind: "paste", text: "ab" }]);
    expect(parser.isOpen()).toBe(false);
  });

  test("finds the end of a paste that comes in pieces of any size", () => {
    for (const size of [1, 2, 3, 5, 6, 7, 64]) {
      const parser = createKeyParser();
      const sent = `\u001b[200~${"x\u001b[20".repeat(20)}\u001b[201~y`;
      const keys = (sent.match(new RegExp(`[\\s\\S]{1,${size}}`, "g")) ?? []).flatMap(parser.push);
      expect(names(keys)).toEqual([`<${"x\u001b[20".repeat(20)}>`, '"y"']);
    }
  });

  test("is open while a sequence is, and not behind it", () => {
    const parser = createKeyParser();
    expect(parser.push("\u001b[1;")).toEqual([]);
    expect(parser.isOpen()).toBe(true);
    expect(parser.push("5C")).toEqual([{ kind: "key", name: "ctrl-right" }]);
    expect(parser.isOpen()).toBe(false);
  });
});

test("createKeyParser() gives the same keys in whatever pieces they arrive", () => {
  const piece = fc.constantFrom(
    ...[
      "a",
      "ü",
      "👍🏽",
      "\r",
      "\u007f",
      "\u0003",
      "\u001b[A",
      "\u001bOH",
      "\u001b[1;5C",
      "\u001bb",
    ],
    ...[
      "\u001b[M !!",
      "\u001b[<0;1;1M",
      "\u001b[3~",
      "\u001b[I",
      "\u001b[[B",
      "\u001b\u007f",
      "\u001b\u001b[A",
    ],
    ...["\u001b[200~a\r\nb\u001b[A\u001b[201~", "\u001b[200~\u001b\u001b[201~", "\u0085", "[", "O"],
  );
  const cutStream = fc
    .array(piece, { maxLength: 12 })
    .map((pieces) => pieces.join(""))
    .chain((sent) => fc.tuple(fc.constant(sent), inPieces(sent)));
  fc.assert(
    fc.property(cutStream, ([sent, pieces]) => {
      expect(names(keysOf(pieces))).toEqual(names(keysOf([sent])));
    }),
    { numRuns: 1000 },
  );
});
