import type { Source } from "../source.ts";

/** How people call a source: `~/.qwen/settings.json (model.name)`, `shell variable X`. */
export function describeSource({ kind, name, path }: Source): string {
  switch (kind) {
    case "flag":
      return `flag ${name}`;
    case "env":
      return `shell variable ${name}`;
    case "file":
      return `file ${path} (${name})`;
    case "dotenv":
      return `${path}${name === undefined ? "" : ` (${name})`}`;
    case "settings":
      return `${path} (${name})`;
    case "keyring":
      return `keyring (${name})`;
    case "helper":
      return `key helper of ${path} (${name})`;
    case "default":
      return "built-in default";
  }
}
