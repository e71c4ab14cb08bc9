import { expect, test } from "bun:test";
import { shortenHome } from "../../src/lib/shorten-home.ts";

test.each([
  ["`/home/ann/.qwen` is private", "`~/.qwen` is private"],
  ["/home/ann", "~"],
  ["  Settings: /home/ann/.qwen/settings.json\n", "  Settings: ~/.qwen/settings.json\n"],
  ["debug: 1ms qwen 0.1.0 in /home/ann", "debug: 1ms qwen 0.1.0 in ~"],
  ['(/home/ann/x) "/home/ann/y" [/home/ann/z]', '(~/x) "~/y" [~/z]'],
  ["run `qwen trust /home/ann`", "run `qwen trust ~`"],
  ["/home/ann and /home/ann/p", "~ and ~/p"],
  ["/home/ann.old, /home/anna, /srv/home/ann", "/home/ann.old, /home/anna, /srv/home/ann"],
  ["/data/ann+x/p beside /home/ann/p", "~/p beside ~/p"],
  ["run `chmod 700 '/data/ann x/.qwen'`", "run `chmod 700 ~/.qwen`"],
  ["run `qwen trust --revoke '/data/ann x'`", "run `qwen trust --revoke ~`"],
  ["run `qwen trust '/data/ann x/a b'`", "run `qwen trust ~/'a b'`"],
])("shortenHome() makes %j %j", (text, expected) => {
  expect(shortenHome(text, "/home/ann", "/data/ann+x", "/data/ann x")).toBe(expected);
});

test("shortenHome() leaves texts alone where the home is the root", () => {
  expect(shortenHome("/etc/x", "/", "")).toBe("/etc/x");
});
