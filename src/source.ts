/** Who a value belongs to: the person who runs `qwen`, or the repository that they stand in. */
export type Origin = "user" | "project";

/** The four settings files, lowest precedence first (`spec/settings-and-env.md`). */
export type Scope = "system-defaults" | "user" | "project" | "system";

/** Where a value came from, as `status --json` prints it (`spec/cli.md`). */
export type Source = {
  readonly kind:
    | "flag"
    | "env"
    | "file"
    | "dotenv"
    | "settings"
    | "account"
    | "keyring"
    | "helper"
    | "default";
  /** The flag, the variable, the account, the item of the keyring, or the JSON path inside a settings file. */
  readonly name?: string;
  /** The file, for `file`, `dotenv`, `settings`, `account` and `helper`. */
  readonly path?: string;
  /** The settings file's scope, for `settings` and `helper`. */
  readonly scope?: Scope;
  readonly origin: Origin;
};

/** A value that knows where it came from, and which lower sources it hides. */
export type Sourced<Value> = {
  readonly value: Value;
  readonly source: Source;
  readonly shadowed: readonly Source[];
  /**
   * A part of the value is the user's and a part the project's. `source.origin` is `project` then,
   * which is right for an endpoint; as a secret it is still the user's.
   */
  readonly mixed?: boolean;
};

/** Whose secret a value is: the project's only if no part of it is the user's. */
export function secretOrigin({ source, mixed }: Omit<Sourced<unknown>, "value">): Origin {
  return mixed === true ? "user" : source.origin;
}

/** The same without the place inside a file that `qwen` writes: what a screen has room for. */
export function describePlace(source: Source): string {
  const { kind, path } = source;
  return kind === "settings" && path !== undefined ? path : describeSource(source);
}

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
    case "account":
      return `account ${name} of ${path}`;
    case "keyring":
      return `keyring (${name})`;
    case "helper":
      return `key helper of ${path} (${name})`;
    case "default":
      return "built-in default";
  }
}
