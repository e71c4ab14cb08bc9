import { expect, test } from "bun:test";
import { chooseLanguage, languageOf } from "../../src/flags/choose-language.ts";

type Case = {
  readonly flag?: string;
  readonly setting?: string;
  readonly env?: Readonly<Record<string, string>>;
};

const CHINESE: readonly Case[] = [
  { env: { LANG: "zh_CN.UTF-8" } },
  { env: { LANG: "zh_CN.utf8" } },
  { env: { LANG: "zh" } },
  { env: { LANG: "zh_CN" } },
  { env: { LANG: "zh_SG.UTF-8" } },
  // There is one table for Chinese, which the readers of the other script know better than English.
  { env: { LANG: "zh_TW.UTF-8" } },
  { env: { LANG: "zh_HK" } },
  { env: { LANG: "en_US.UTF-8", LC_MESSAGES: "zh_CN.UTF-8" } },
  { env: { LANG: "C", LC_ALL: "zh_CN.UTF-8" } },
  { env: { LANG: "zh_CN.UTF-8", LC_ALL: "" } },
  { env: { LANG: "en_US.UTF-8", LANGUAGE: "zh_CN:en" } },
  { env: { LANG: "de_DE.UTF-8", LANGUAGE: "de:zh" } },
  { env: { LANG: "zh_CN.UTF-8@pinyin" } },
  { env: { LANG: "C", QWEN_CODE_LANG: "zh" } },
  { env: { LANG: "C", QWEN_CODE_LANG: "zh-CN" } },
  { env: { LANG: "C" }, setting: "zh" },
  { env: { LANG: "en_US.UTF-8" }, setting: "中文" },
  { setting: "Chinese" },
  { setting: "auto", env: { LANG: "zh_CN.UTF-8" } },
  { flag: "zh", setting: "en", env: { LANG: "C", QWEN_CODE_LANG: "en" } },
  { env: { QWEN_CODE_LANG: "auto", LANG: "zh_CN.UTF-8" } },
  { env: { LANG: "zh_CN.UTF-8", CI: "false" } },
];

const ENGLISH: readonly Case[] = [
  {},
  { env: { LANG: "" } },
  { env: { LANG: "C" } },
  { env: { LANG: "C.UTF-8" } },
  { env: { LANG: "POSIX", LANGUAGE: "zh_CN" } },
  { env: { LANG: "en_US.UTF-8" } },
  { env: { LANG: "ja_JP.UTF-8" } },
  { env: { LANG: "zh_CN.UTF-8", LC_ALL: "C" } },
  { env: { LANG: "zh_CN.UTF-8", LC_ALL: "en_US.UTF-8" } },
  { env: { LANG: "zh_CN.UTF-8", LANGUAGE: "en" } },
  { env: { LANG: "zh_CN.GB18030" } },
  { env: { LANG: "zh_TW.Big5" } },
  { env: { LANG: "zh_CN.UTF-8", LC_MESSAGES: "zh_CN.GBK" } },
  { env: { LANGUAGE: "zh_CN" } },
  { env: { LANG: "zhuang" } },
  { env: { LANG: "zh_CN.UTF-8", QWEN_CODE_LANG: "en" } },
  { setting: "en", env: { LANG: "zh_CN.UTF-8" } },
  { flag: "en", setting: "zh", env: { LANG: "zh_CN.UTF-8", QWEN_CODE_LANG: "zh" } },
  { setting: "ja", env: { LANG: "en_US.UTF-8" } },
  { flag: "zh", env: { CI: "1", LANG: "zh_CN.UTF-8" } },
  { env: { CI: "true", QWEN_CODE_LANG: "zh" } },
];

const choose = ({ flag, setting, env = {} }: Case) =>
  chooseLanguage({ flag, env, setting: async () => setting });

test.each(CHINESE)("chooseLanguage() takes Chinese for %j", async (wishes) => {
  expect(await choose(wishes)).toBe("zh-CN");
});

test.each(ENGLISH)("chooseLanguage() takes English for %j", async (wishes) => {
  expect(await choose(wishes)).toBe("en");
});

test("chooseLanguage() reads no settings where a flag or a variable decides", async () => {
  const setting = (): never => {
    throw new Error("asked");
  };
  expect(await chooseLanguage({ flag: "en", env: {}, setting })).toBe("en");
  expect(await chooseLanguage({ flag: undefined, env: { QWEN_CODE_LANG: "zh" }, setting })).toBe(
    "zh-CN",
  );
  expect(await chooseLanguage({ flag: "zh", env: { CI: "1" }, setting })).toBe("en");
});

test.each([undefined, "", "  ", "auto", "klingon", "1"])("languageOf(%j) is none", (word) => {
  expect(languageOf(word)).toBeUndefined();
});
