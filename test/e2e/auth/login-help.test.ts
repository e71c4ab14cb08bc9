import { expect, setDefaultTimeout, test } from "bun:test";
import { KEYS, qwenPty } from "../../support/pty.ts";
import { machine } from "../../support/qwen.ts";
import { renderScreen } from "../../support/screen.ts";

setDefaultTimeout(60_000);

test("a login says what a key looks like and where it is made, and knows a region for the unsure", async () => {
  const at = machine();
  const pty = qwenPty(at, ["auth", "coding-plan"], { env: { QWEN_OFFLINE: "" } });
  await pty.waitFor("Not sure - find out with the key");
  pty.press(KEYS.enter);
  await pty.waitFor("Enter your Coding Plan API key:");
  await pty.waitFor("│  it begins with sk-sp-");
  await pty.waitFor("│  made at https://bailian.console.aliyun.com");
  pty.press(KEYS.ctrlC);
  expect(await pty.exitCode()).toBe(130);
});

test("where nothing may be asked the key finds out no region", async () => {
  const pty = qwenPty(machine(), ["auth", "coding-plan", "--no-verify"], {});
  await pty.waitFor("Select the region:");
  pty.press(KEYS.ctrlC);
  expect(await pty.exitCode()).toBe(130);
  expect(pty.text()).not.toContain("Not sure");
});

test("the discontinued login has No marked", async () => {
  const pty = qwenPty(machine(), ["auth", "qwen-oauth"], { env: { QWEN_OFFLINE: "" } });
  await pty.waitFor("Go on with Qwen OAuth all the same?");
  pty.press(KEYS.enter);
  expect(await pty.exitCode()).toBe(130);
  expect(await renderScreen(pty.raw(), { cols: 100, rows: 30 })).toContain("No");
});

test.each([
  [80, 24],
  [40, 15],
])("all three methods are on a screen of %i × %i cells", async (cols, rows) => {
  const pty = qwenPty(machine(), ["auth"], { cols });
  await pty.waitFor("Ctrl+C to exit");
  const screen = await renderScreen(pty.raw(), { cols, rows });
  pty.press(KEYS.ctrlC);
  expect(await pty.exitCode()).toBe(130);
  for (const row of ["Coding Plan", "API Key", "Qwen OAuth"]) {
    expect(screen).toContain(row);
  }
});
