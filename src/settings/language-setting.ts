import { valueAt } from "../lib/json/json-object.ts";
import { chosenHome } from "./chosen-home.ts";
import { LARGEST_SETTINGS_FILE } from "./largest-settings-file.ts";
import type { Place } from "./paths.ts";

/**
 * `general.language` of the user's own settings, which Qwen Code writes too. A file that cannot be
 * used says nothing here: whoever needs it says why. This is asked before anything is shown on a
 * terminal, also by what reads no settings, so it loads nothing that reads them: all that a foreign
 * file could change is which words a person sees.
 */
export async function languageSetting(place: Place): Promise<string | undefined> {
  try {
    const file = Bun.file(await settingsPath(place));
    const status = await file.stat();
    if (!status.isFile() || status.size > LARGEST_SETTINGS_FILE) {
      return undefined;
    }
    const text = await file.text();
    if (!text.includes('"language"')) {
      return undefined;
    }
    const language = valueAt(Bun.JSONC.parse(text), ["general", "language"]);
    return typeof language === "string" ? language : undefined;
  } catch {
    return undefined;
  }
}

/** The file that everything else reads: `..` behind a link leads elsewhere when it is opened as it stands. */
async function settingsPath(place: Place): Promise<string> {
  const folder = chosenHome(place);
  return folder.includes("..")
    ? (await import("./paths.ts")).userSettingsPath(place)
    : `${folder}/settings.json`;
}
