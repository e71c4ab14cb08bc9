import type { DeviceLogin } from "../auth/oauth/device-flow.ts";
import { isFalsy } from "../lib/is-falsy.ts";
import type { JsonObject } from "../lib/json/json-object.ts";
import { visibleText } from "../lib/visible-text.ts";
import type { Runtime } from "../runtime.ts";
import { formatLeft, withCountdown } from "../terminal/countdown.ts";

type DeviceLoginScreen = {
  readonly login: DeviceLogin;
  /** Settles when the person has decided. */
  readonly approval: Promise<JsonObject>;
};

/**
 * Shows where to approve a login, opens that page, and waits. URL and code stand on lines of their
 * own, so that they can be copied, and are not redacted: they are meant to be read.
 */
export async function showDeviceLogin(
  runtime: Runtime,
  options: { readonly browser: boolean; readonly quiet: boolean },
  { login, approval }: DeviceLoginScreen,
): Promise<JsonObject> {
  // It is awaited further down; until then its failure is nobody's.
  approval.catch(() => undefined);
  const { stderr } = runtime;
  const { page } = login;
  const code =
    login.userCode === ""
      ? []
      : [
          "",
          "and check that it shows this code, or type it:",
          "",
          `  ${visibleText(login.userCode)}`,
        ];
  const lines = ["", "To log in, open this page in a browser:", "", `  ${page}`, ...code, ""];
  await stderr.writeSecret(await stderr.inWords(`${lines.join("\n")}\n`));
  const isOpened = options.browser && canOpenBrowser(runtime) && runtime.openBrowser(page);
  if (isOpened && !options.quiet) {
    await stderr.write("The browser was opened.\n");
  }
  const left = (): number => login.expiresAt - runtime.now();
  const text = "Waiting for the login to be approved";
  if (options.quiet) {
    return approval;
  }
  if (await stderr.isTerminal()) {
    return withCountdown(stderr, { text, left, sleep: runtime.sleep }, approval);
  }
  await stderr.write(`${text}; the code expires in ${formatLeft(left())}\n`);
  return approval;
}

/**
 * Whether a browser would be seen by the person who waits (`spec/qwen-oauth.md`): not with
 * `NO_BROWSER` or `CI`, without a display, or over SSH where a display is not forwarded.
 */
export function canOpenBrowser({ env, platform }: Pick<Runtime, "env" | "platform">): boolean {
  const isSet = (name: string): boolean => (env[name] ?? "") !== "";
  const isCi = !isFalsy(env.CI);
  if (isSet("NO_BROWSER") || isCi) {
    return false;
  }
  const hasDisplay = isSet("DISPLAY") || isSet("WAYLAND_DISPLAY");
  const isRemote = ["SSH_CONNECTION", "SSH_CLIENT", "SSH_TTY"].some(isSet);
  return platform === "darwin" || platform === "win32" ? !isRemote : hasDisplay;
}
