import { expect, test } from "bun:test";
import { createHomeShortener, shortenHome } from "../../src/lib/shorten-home.ts";

test.each([
  ["`/home/ann/.qwen` is private", "`~/.qwen` is private"],
  ["/home/ann", "~"],
  ["\u001b[2m/home/ann/p\u001b[22m", "\u001b[2m~/p\u001b[22m"],
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
  ["run `qwen trust '/home/ann/it'\\''s'`", "run `qwen trust ~/it\\''s'`"],
  ["run `chmod 600 '/data/o'\\''neil/a b'`", "run `chmod 600 ~/'a b'`"],
  ["run `chmod 600 '/data/o'\\''neil/a' /home/ann/b`", "run `chmod 600 ~/a ~/b`"],
  ["`--ca-cert=/home/ann/ca.pem`", "`--ca-cert=/home/ann/ca.pem`"],
  ["`export QWEN_HOME='/data/ann x/q'`", "`export QWEN_HOME='/data/ann x/q'`"],
  ['run `cat "/home/ann/x"`', 'run `cat "/home/ann/x"`'],
  ["cwd=/home/ann/p of `/home/ann`: /home/ann", "cwd=~/p of `~`: ~"],
  ["https://h/home/ann/x, file:///home/ann/x", "https://h/home/ann/x, file:///home/ann/x"],
  ["/home/ann\r\n/home/ann/a\t/home/ann,/home/ann;", "~\r\n~/a\t~,~;"],
  ["C:\\Users\\Ann\\.qwen", "~\\.qwen"],
])("shortenHome() makes %j %j", (text, expected) => {
  const homes = ["/home/ann", "/data/ann+x", "/data/ann x", "/data/o'neil", "C:\\Users\\Ann"];
  expect(shortenHome(text, ...homes)).toBe(expected);
});

test("shortenHome() leaves texts alone where the home is the root", () => {
  expect(shortenHome("/etc/x", "/", "")).toBe("/etc/x");
});

test.each([
  ["  Model  /home/ann/models/q  from /home/ann/x", "  Model  /home/ann/models/q  from ~/x"],
  ['Cannot ask "/home/ann/models/q": no', 'Cannot ask "/home/ann/models/q": no'],
  ["run `qwen -m /home/ann/models/q`", "run `qwen -m /home/ann/models/q`"],
  ["/home/ann/models/q/settings.json", "~/models/q/settings.json"],
  ["/home/ann/models/q-2 and /home/ann/models/q.", "~/models/q-2 and /home/ann/models/q."],
  ["/home/ann/models/q is one of /home/ann/models", "/home/ann/models/q is one of ~/models"],
  ["/home/ann", "~"],
])("createHomeShortener() leaves the id of a model in %j", (text, expected) => {
  const { shorten, keepAsIs } = createHomeShortener("/home/ann");
  keepAsIs("/home/ann/models/q");
  keepAsIs("another-model");
  expect(shorten(text)).toBe(expected);
});

test("createHomeShortener() leaves signs alone that look like its own marks", () => {
  const { shorten, keepAsIs } = createHomeShortener("/home/ann");
  keepAsIs("/home/ann/m");
  expect(shorten("\ue0017\ue001 /home/ann/m /home/ann/x")).toBe("\ue0017\ue001 /home/ann/m ~/x");
});
