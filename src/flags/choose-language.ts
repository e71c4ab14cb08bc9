import { isFalsy } from "../lib/is-falsy.ts";
import type { Env } from "../runtime.ts";

/** The languages that there are words in; English stands in the code. */
export type Language = "en" | "zh-CN";

type Wishes = {
  /** `--lang` */
  readonly flag: string | undefined;
  readonly env: Env;
  /** `general.language` of the user's own settings, read only where it decides. */
  readonly setting: () => Promise<string | undefined>;
};

/**
 * The one rule for the language of what people read on a terminal: `--lang`, `QWEN_CODE_LANG`,
 * `general.language` (`auto` asks on), then the locale. Under `CI` it is English: what a machine
 * reads has one language. A word that names none of the languages counts as not said.
 */
export async function chooseLanguage({ flag, env, setting }: Wishes): Promise<Language> {
  if (!isFalsy(env.CI)) {
    return "en";
  }
  return (
    languageOf(flag) ??
    languageOf(env.QWEN_CODE_LANG) ??
    languageOf(await setting()) ??
    localeLanguage(env)
  );
}

/** What a person wrote for a language, as Qwen Code takes it: `zh`, `zh-CN`, `Chinese`, `中文`. */
export function languageOf(word: string | undefined): Language | undefined {
  const [first] = (word ?? "")
    .trim()
    .toLowerCase()
    .split(/[-_.@]/);
  switch (first) {
    case "en":
    case "english":
      return "en";
    case "zh":
    case "chinese":
    case "中文":
    case "简体中文":
      return "zh-CN";
    default:
      return undefined;
  }
}

/**
 * As gettext reads a locale: `LC_ALL`, `LC_MESSAGES`, `LANG`, the first that is not empty; unless
 * that is C or POSIX, `LANGUAGE` names languages in order. One that is written in anything but
 * UTF-8 could not be shown.
 */
function localeLanguage(env: Env): Language {
  const locale = env.LC_ALL || env.LC_MESSAGES || env.LANG || "";
  const [name = "", charset] = locale.replace(/@.*/, "").split(".");
  if (name === "" || name === "C" || name === "POSIX") {
    return "en";
  }
  if (charset !== undefined && !/^utf-?8$/i.test(charset)) {
    return "en";
  }
  const wanted = (env.LANGUAGE || name).split(":").map(languageOf);
  return wanted.find((language) => language !== undefined) ?? "en";
}
