import { describe, expect, test } from "bun:test";
import { showDeviceLogin } from "../../src/prompts/show-device-login.ts";
import { fakeRuntime } from "../support/fake-runtime.ts";

const PAGE = "https://chat.qwen.ai/authorize?user_code=AB-CD";
const LOGIN = {
  ...{ deviceCode: "device", verifier: "verifier", userCode: "AB-CD", page: PAGE },
  ...{ expiresAt: 900_000, lifetimeMs: 900_000, intervalMs: 5000 },
};
const TOLD = `
To log in, open this page in a browser:

  ${PAGE}

and check that it shows this code, or type it:

  AB-CD

`;

type Given = {
  readonly code?: string;
  readonly browser?: boolean;
  readonly quiet?: boolean;
  readonly opens?: boolean;
  readonly terminals?: readonly "stderr"[];
};

/** What a person reads, which pages were opened, and what came of it. */
async function shown({ code, browser = true, quiet = false, opens = true, terminals = [] }: Given) {
  const runtime = fakeRuntime({ env: { DISPLAY: ":0" }, terminals });
  const pages: string[] = [];
  const at = {
    ...runtime,
    now: () => 0,
    openBrowser: (url: string) => {
      pages.push(url);
      return opens;
    },
  };
  const login = code === undefined ? LOGIN : { ...LOGIN, userCode: code };
  const approval = Promise.resolve({ access_token: "x" });
  const answer = await showDeviceLogin(at, { browser, quiet }, { login, approval });
  expect(answer).toEqual({ access_token: "x" });
  expect(runtime.written.stdout).toBe("");
  return { said: runtime.written.stderr, pages };
}

const WAITS = "Waiting for the login to be approved; the code expires in 15:00\n";
const OPENED = "The browser was opened.\n";

describe("showDeviceLogin()", () => {
  test.each<[string, Given, string, number]>([
    ["shows page and code and opens the page", {}, TOLD + OPENED + WAITS, 1],
    ["says nothing of a browser that there is not", { opens: false }, TOLD + WAITS, 1],
    ["opens none that is not wanted", { browser: false }, TOLD + WAITS, 0],
    ["shows no more than it must with --quiet", { quiet: true }, TOLD, 1],
    [
      "shows no code that there is not",
      { code: "" },
      `\nTo log in, open this page in a browser:\n\n  ${PAGE}\n\n${OPENED}${WAITS}`,
      1,
    ],
    [
      "shows what a server may do to a terminal as text",
      { code: "A\u001b[31m", browser: false },
      TOLD.replace("  AB-CD\n\n", "  A\\x1b[31m\n\n") + WAITS,
      0,
    ],
  ])("%s", async (_what, given, said, opened) => {
    expect(await shown(given)).toEqual({
      said,
      pages: opened === 0 ? [] : [PAGE],
    });
  });

  test("counts down on a terminal, and takes that away again", async () => {
    const { said } = await shown({ terminals: ["stderr"] });
    expect(said).toStartWith(TOLD + OPENED);
    expect(said).toContain("Waiting for the login to be approved (15:00 left)");
    expect(said).toEndWith("\r\u001b[2K");
  });

  test("fails as the approval does", async () => {
    const runtime = fakeRuntime();
    const approval = Promise.reject(new Error("denied"));
    const shows = showDeviceLogin(
      runtime,
      { browser: false, quiet: true },
      { login: LOGIN, approval },
    );
    await expect(shows).rejects.toThrow("denied");
  });
});
