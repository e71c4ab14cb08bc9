import { chooseLanguage } from "../flags/choose-language.ts";
import type { Runtime } from "../runtime.ts";
import type { Translate } from "../words/translate.ts";
import type { Arguments } from "./parse-arguments.ts";

/**
 * What is shown on a terminal in the language of whoever sits there, with `--ascii` in its signs;
 * `undefined`: as it is.
 */
export type Words = () => Promise<Translate | undefined>;

type Machine = Pick<Runtime, "env" | "cwd" | "home" | "platform" | "uid">;

/**
 * Finds out at the first text for a terminal which language that is, and loads its table only then.
 * What programs read, and what is told to find a fault, is English: `--json`, `--debug`.
 */
export function openWords(
  { values, jsonWanted }: Pick<Arguments, "values" | "jsonWanted">,
  machine: Machine,
  isData: (text: string) => boolean,
): Words {
  const { lang, debug, ascii, "output-format": format } = values;
  const isForPrograms = jsonWanted || format === "json" || format === "stream-json";
  const openLanguage = async (): Promise<Translate | undefined> => {
    if (isForPrograms || debug === true) {
      return undefined;
    }
    const flag = typeof lang === "string" ? lang : undefined;
    const setting = async (): Promise<string | undefined> =>
      (await import("../settings/language-setting.ts")).languageSetting(machine);
    if ((await chooseLanguage({ flag, env: machine.env, setting })) === "en") {
      return undefined;
    }
    const [{ createTranslator }, { loadTable }] = await Promise.all([
      import("../words/translate.ts"),
      import("../words/load-table.ts"),
    ]);
    return createTranslator(await loadTable("zh-cn"), isData);
  };
  const open = async (): Promise<Translate | undefined> => {
    const translate = await openLanguage();
    if (ascii !== true) {
      return translate;
    }
    const { sayInAscii } = await import("../terminal/ascii.ts");
    return (text) => sayInAscii(translate?.(text) ?? text, isData);
  };
  let opened: Promise<Translate | undefined> | undefined;
  return () => {
    opened ??= open();
    return opened;
  };
}
