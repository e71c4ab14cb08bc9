import type { Env } from "../runtime.ts";
import { childEnvironment } from "./child-environment.ts";

/** The platform's own opener; each takes the URL as one argument. */
const OPENERS: Readonly<Record<string, readonly string[]>> = {
  darwin: ["open"],
  win32: ["rundll32", "url.dll,FileProtocolHandler"],
};

type Host = { readonly env: Env; readonly platform: string };

/**
 * Shows a page in the person's browser, without waiting for it; `false`: there is none. Detached, so
 * that Ctrl+C here does not end a browser that was started for this page.
 */
export function openBrowser({ env, platform }: Host, url: string): boolean {
  try {
    const child = Bun.spawn([...(OPENERS[platform] ?? ["xdg-open"]), url], {
      env: childEnvironment(env, { session: true }),
      stdio: ["ignore", "ignore", "ignore"],
      detached: true,
    });
    child.unref();
    return true;
  } catch {
    return false;
  }
}
