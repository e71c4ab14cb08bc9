import { valueAt } from "../lib/json/json-object.ts";
import { parseSettingsText } from "./load-settings.ts";
import { type OpenOptions, openSettings } from "./open-settings.ts";
import { userSettingsPath } from "./paths.ts";

/**
 * `general.language` of the user's own settings, which Qwen Code writes too. A file that cannot be
 * used says nothing here: whoever needs it says why. Parsed only where the word stands in it: this
 * is asked before anything is shown on a terminal.
 */
export async function languageSetting(place: OpenOptions): Promise<string | undefined> {
  try {
    const path = userSettingsPath(place);
    const found = openSettings(place, { scope: "user", path });
    if (found.kind !== "read" || !found.text.includes('"language"')) {
      return undefined;
    }
    const language = valueAt(await parseSettingsText(found.text, path), ["general", "language"]);
    return typeof language === "string" ? language : undefined;
  } catch {
    return undefined;
  }
}
