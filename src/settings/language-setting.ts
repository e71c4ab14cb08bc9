import { valueAt } from "../lib/json/json-object.ts";
import type { OpenOptions } from "./open-settings.ts";
import { userSettingsPath } from "./paths.ts";

/**
 * `general.language` of the user's own settings, which Qwen Code writes too. A file that cannot be
 * used says nothing here: whoever needs it says why. This is asked before anything is shown on a
 * terminal: what reads files is loaded only where there is one, and parsed is only one in which the
 * word stands.
 */
export async function languageSetting(place: OpenOptions): Promise<string | undefined> {
  try {
    const path = userSettingsPath(place);
    if (!(await Bun.file(path).exists())) {
      return undefined;
    }
    const { openSettings } = await import("./open-settings.ts");
    const found = openSettings(place, { scope: "user", path });
    if (found.kind !== "read" || !found.text.includes('"language"')) {
      return undefined;
    }
    const { parseSettingsText } = await import("./load-settings.ts");
    const language = valueAt(await parseSettingsText(found.text, path), ["general", "language"]);
    return typeof language === "string" ? language : undefined;
  } catch {
    return undefined;
  }
}
