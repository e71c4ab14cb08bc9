import { expect, setDefaultTimeout, test } from "bun:test";
import { chmodSync } from "node:fs";
import { join } from "node:path";
import { OPENAI } from "../../support/model-answers.ts";
import { KEYS } from "../../support/pty.ts";
import { machine } from "../../support/qwen.ts";
import { scriptedServer, stream } from "../../support/scripted-server.ts";
import { KEY, startSession } from "./session-machine.ts";

setDefaultTimeout(60_000);

const CTRL_G = "\u0007";

/** A session whose Ctrl+G opens this script. */
async function withEditor(script: string) {
  const { origin, requests } = await scriptedServer(stream([OPENAI.text("Done."), OPENAI.finish]));
  const at = machine();
  at.write("editor", `#!/bin/sh\n${script}\n`);
  chmodSync(join(at.home, "editor"), 0o755);
  at.write(".qwen/settings.json", {
    modelProviders: { openai: [{ id: "m", baseUrl: `${origin}/v1`, envKey: "M_KEY" }] },
    model: { name: "m" },
    security: { auth: { selectedType: "openai" } },
    env: { M_KEY: KEY },
  });
  const session = startSession(at, [], { env: { VISUAL: join(at.home, "editor") } });
  await session.waitForScreen("›");
  const sent = () => JSON.parse(requests[0]?.body ?? "{}").messages?.at(-1).content;
  return { session, sent };
}

const EDITORS: readonly (readonly [name: string, script: string, shown: RegExp, sent: string])[] = [
  ["writes", `printf 'one\\ntwo\\n' >"$1"`, /› one\n {2}two$/, "one\ntwo!"],
  ["adds", `printf '\\nthree' >>"$1"`, /› draft\n {2}three$/, "draft\nthree!"],
  ["does nothing", ":", /\nopened\n› draft$/, "draft!"],
  ["fails", `echo lost >"$1"; exit 1`, /editor`: it failed\n[\s\S]*\n› draft$/, "draft!"],
  ["is ended", `echo lost >"$1"; kill $$`, /editor`: it failed\n[\s\S]*\n› draft$/, "draft!"],
  ["takes its text away", `rm "$1"`, /: there is no such\s+file\n[\s\S]*\n› draft$/, "draft!"],
  [
    "writes no text",
    `printf 'abcd\\0' >"$1"`,
    /: it is no\s+text in UTF-8\n[\s\S]*\n› draft$/,
    "draft!",
  ],
  [
    "makes a folder of it",
    `rm "$1"; mkdir "$1"`,
    /: it is a\s+directory\n[\s\S]*\n› draft$/,
    "draft!",
  ],
  [
    "writes 2 MiB",
    `head -c 2097152 /dev/zero >"$1"`,
    /larger than 1 MiB\n[\s\S]*\n› draft$/,
    "draft!",
  ],
];

test.each(EDITORS)(
  "a message goes on after an editor that %s",
  async (_name, script, shown, text) => {
    const { session, sent } = await withEditor(`echo opened; ${script}`);
    session.press(`draft${CTRL_G}`);
    await session.waitForScreen(shown);
    session.press(`!${KEYS.enter}`);
    await session.waitForScreen("tokens in");
    expect(sent()).toBe(text);
    session.press(KEYS.ctrlD);
    await session.expectEnd(0);
  },
);

test("an editor has the terminal to itself", async () => {
  const { session, sent } = await withEditor('echo opened; read line; echo "$line" >"$1"');
  session.press(CTRL_G);
  await session.waitForScreen("opened");
  session.press("typed there\r");
  await session.waitForScreen("› typed there");
  session.press(KEYS.enter);
  await session.waitForScreen("Done.");
  expect(sent()).toBe("typed there");
  session.press(KEYS.ctrlD);
  await session.expectEnd(0);
});
