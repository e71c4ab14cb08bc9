import type { LoadedDotenv } from "../env/load-dotenv.ts";
import type { ConfigError } from "../errors.ts";
import type { JsonObject } from "../lib/json/json-object.ts";
import type { Accounts } from "../settings/accounts.ts";
import type { SettingsFile } from "../settings/load-settings.ts";
import type { SettingsLayer } from "../settings/settings-layer.ts";
import type { Sourced } from "../source.ts";
import type { FolderTrust } from "../trust/folder-trust.ts";
import type { ModelEntries } from "./entries/model-entries.ts";

/** Everything on this machine that decides which model is used, read once. */
export type Configuration = {
  readonly files: readonly SettingsFile[];
  readonly layers: readonly SettingsLayer[];
  readonly merged: JsonObject;
  readonly models: ModelEntries;
  readonly dotenv: LoadedDotenv;
  /** shell > `NAME_FILE` > `.env` > `settings.env`; an empty value counts as not set. */
  readonly variable: (name: string) => Sourced<string> | undefined;
  /** Named keys of the user's, and the file that they stand in. */
  readonly accounts: Accounts;
  readonly accountsPath: string;
  /** Variables whose `NAME_FILE` cannot be read; an error only for whoever needs them. */
  readonly failures: ReadonlyMap<string, ConfigError>;
  readonly isTrusted: FolderTrust;
  readonly cwd: string;
  readonly warnings: readonly string[];
  /** Those of them that tell of files in folders that the user distrusted. */
  readonly distrusted: readonly string[];
};
