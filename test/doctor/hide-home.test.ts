import { expect, test } from "bun:test";
import { hideHome } from "../../src/doctor/hide-home.ts";

const hidden = (text: string, ...homes: string[]) => {
  const [check] = hideHome(
    [{ id: "x", status: "ok", summary: text, detail: [text], remedy: text }],
    homes,
  );
  expect(check).toEqual({
    id: "x",
    status: "ok",
    summary: check?.summary ?? "",
    detail: [check?.summary ?? ""],
    remedy: check?.summary ?? "",
  });
  return check?.summary;
};

test.each([
  ["`/home/ann/.qwen` is private", "`~/.qwen` is private"],
  ["/home/ann", "~"],
  ["run `qwen trust /home/ann`", "run `qwen trust ~`"],
  ["/home/ann and /home/ann/p", "~ and ~/p"],
  ["/home/ann.old, /home/anna, /srv/home/ann", "/home/ann.old, /home/anna, /srv/home/ann"],
  ["/data/ann+x/p beside /home/ann/p", "~/p beside ~/p"],
  ["run `chmod 700 '/data/ann x/.qwen'`", "run `chmod 700 ~/.qwen`"],
  ["run `qwen trust --revoke '/data/ann x'`", "run `qwen trust --revoke ~`"],
  ["run `qwen trust '/data/ann x/a b'`", "run `qwen trust ~/'a b'`"],
])("hideHome() makes %j %j", (text, expected) => {
  expect(hidden(text, "/home/ann", "/data/ann+x", "/data/ann x")).toBe(expected);
});

test("hideHome() leaves texts alone where the home is the root", () => {
  expect(hidden("/etc/x", "/", "")).toBe("/etc/x");
});
