import type { Table } from "./lexicon.ts";
import { AUTH } from "./zh-cn/auth.ts";
import { CHAT } from "./zh-cn/chat.ts";
import { COMMAND_LINE } from "./zh-cn/command-line.ts";
import { CONNECTION } from "./zh-cn/connection.ts";
import { DOCTOR } from "./zh-cn/doctor.ts";
import { FAILURE_HINTS } from "./zh-cn/failure-hints.ts";
import { FAILURES } from "./zh-cn/failures.ts";
import { FILES } from "./zh-cn/files.ts";
import { HELP } from "./zh-cn/help.ts";
import { HELP_DETAILS } from "./zh-cn/help-details.ts";
import { KEYS } from "./zh-cn/keys.ts";
import { LOGIN } from "./zh-cn/login.ts";
import { MODELS } from "./zh-cn/models.ts";
import { PROMPTS } from "./zh-cn/prompts.ts";
import { QUESTIONS } from "./zh-cn/questions.ts";
import { SCREENS } from "./zh-cn/screens.ts";
import { SETTINGS } from "./zh-cn/settings.ts";
import { TRANSFER } from "./zh-cn/transfer.ts";

/** 简体中文。 */
export const ZH_CN: Table = {
  ...AUTH,
  ...CHAT,
  ...COMMAND_LINE,
  ...CONNECTION,
  ...DOCTOR,
  ...FAILURE_HINTS,
  ...FAILURES,
  ...FILES,
  ...HELP,
  ...HELP_DETAILS,
  ...KEYS,
  ...LOGIN,
  ...MODELS,
  ...PROMPTS,
  ...QUESTIONS,
  ...SCREENS,
  ...SETTINGS,
  ...TRANSFER,
};
