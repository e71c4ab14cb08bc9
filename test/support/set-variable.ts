import { updateSettings } from "../../src/settings/update-settings.ts";

/**
 * `set-variable.ts <settings file> <name> <value> [octal umask]`: sets one variable of `env` in
 * user scope and prints what the update returned, or the error's message.
 */
const [path = "", name = "", value = "", umask = "022"] = process.argv.slice(2);
process.umask(Number.parseInt(umask, 8));
try {
  const updated = await updateSettings(
    { uid: process.geteuid?.(), sleep: Bun.sleep },
    { scope: "user", path, edits: () => [{ kind: "set", path: ["env", name], value }] },
  );
  console.log(JSON.stringify(updated));
} catch (error) {
  console.log(error instanceof Error ? error.message : String(error));
}
