import { describe, expect, test } from "bun:test";
import { chmodSync, chownSync, closeSync, openSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { judgeOwnFile, type OwnRule, openOwnFile } from "../../../src/lib/files/open-own-file.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

const OURS = process.getuid?.() ?? 0;
const ME = 4242;
const OTHER = 4243;

/** What is said of a file of \`uid\` in a home that belongs to whoever runs this. */
function judged(
  file: { uid?: number; mode?: number },
  rule: Partial<OwnRule> = {},
  home = temporaryDirectory(),
) {
  const path = join(home, "f");
  writeFileSync(path, "");
  const descriptor = openSync(path, "r");
  try {
    const opened = {
      kind: "file",
      path,
      descriptor,
      uid: ME,
      mode: 0o600,
      size: 0,
      ...file,
    } as const;
    const judgement = judgeOwnFile(opened, { uid: ME, homes: [home], isShared: false, ...rule });
    return JSON.parse(JSON.stringify(judgement).replaceAll(path, "F"));
  } finally {
    closeSync(descriptor);
  }
}

describe("judgeOwnFile()", () => {
  const foreign = {
    fault: {
      reason: "it belongs to another user (uid 4243)",
      remedy: "run `chown 4242 F` as root, or remove the file",
    },
  };
  const told = { warning: "`F` belongs to another user (uid 4243)" };
  const group = { warning: "its group can write to `F` (mode 0620): run `chmod 600 F`" };
  test.each<[string, { uid?: number; mode?: number }, Partial<OwnRule>, object]>([
    ["takes one's own", {}, {}, {}],
    ["takes root's", { uid: 0 }, {}, {}],
    ["takes one that others may read", { mode: 0o644 }, {}, {}],
    ["takes one that others may run", { mode: 0o711 }, {}, {}],
    ["refuses another user's", { uid: OTHER }, {}, foreign],
    ["tells of another user's where homes are shared", { uid: OTHER }, { isShared: true }, told],
    ["tells root of another user's", { uid: OTHER }, { uid: 0 }, told],
    ["tells of a group that may write", { mode: 0o620 }, {}, group],
    [
      "tells of others that may write where homes are shared",
      { mode: 0o602 },
      { isShared: true },
      { warning: "others can write to `F` (mode 0602); QWEN_SHARED_HOME=1 allows it" },
    ],
    ["takes all where there are no users", { uid: OTHER, mode: 0o666 }, { uid: undefined }, {}],
  ])("%s", (_what, file, rule, judgement) => {
    expect(judged(file, rule)).toEqual(judgement);
  });

  test("refuses one that others may write, and says how that is closed", () => {
    const judgement = judged({ uid: OURS, mode: 0o602 }, { uid: OURS });
    expect(judgement).toEqual({
      fault: { reason: "others can write to it (mode 0602)", remedy: "run `chmod 600 F`" },
    });
    const elsewhere = judged({ uid: OURS, mode: 0o602 }, { uid: OURS, homes: [] });
    expect(elsewhere.fault.remedy).toBe("run `chmod go-w F`");
  });

  test("tries on the file whether modes are kept, and leaves it as it was", () => {
    const home = temporaryDirectory();
    const path = join(home, "open");
    writeFileSync(path, "");
    chmodSync(path, 0o602);
    const rule = { uid: OURS, homes: [home], isShared: false };
    expect(openOwnFile(path, rule, { largest: 10 })).toEqual({
      kind: "file",
      mode: 0o602,
      uid: OURS,
      fault: {
        reason: "others can write to it (mode 0602)",
        remedy: `run \`chmod 600 ${path}\``,
      },
      content: { kind: "text", text: "" },
    });
    expect(statSync(path).mode & 0o777).toBe(0o602);
  });

  if (OURS !== 0) {
    console.log("skipped: only root can give a home away");
  }
  test.skipIf(OURS !== 0)("tells of a file of the home's owner", () => {
    const home = temporaryDirectory();
    chownSync(home, OTHER, OTHER);
    expect(judged({ uid: OTHER }, {}, home)).toEqual(told);
    expect(judged({ uid: 4244 }, {}, home)).toHaveProperty("fault");
  });
});
