import { expect, test } from "bun:test";
import { canOpenBrowser } from "../../src/prompts/show-device-login.ts";

const SSH = { SSH_CONNECTION: "10.0.0.1 1 10.0.0.2 22" };

test.each<readonly [platform: string, env: Record<string, string>, can: boolean]>([
  ["linux", {}, false],
  ["linux", { DISPLAY: ":0" }, true],
  ["linux", { WAYLAND_DISPLAY: "wayland-0" }, true],
  ["linux", { DISPLAY: "" }, false],
  ["linux", { DISPLAY: ":0", NO_BROWSER: "1" }, false],
  ["linux", { DISPLAY: ":0", CI: "true" }, false],
  ["linux", { DISPLAY: ":0", CI: "false" }, true],
  ["linux", SSH, false],
  ["linux", { ...SSH, DISPLAY: "localhost:10.0" }, true],
  ["darwin", {}, true],
  ["darwin", SSH, false],
  ["darwin", { NO_BROWSER: "1" }, false],
  ["win32", {}, true],
  ["win32", SSH, false],
])("canOpenBrowser() on %s with %j is %p", (platform, env, can) => {
  expect(canOpenBrowser({ platform, env })).toBe(can);
});
