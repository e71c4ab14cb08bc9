import { expect, test } from "bun:test";
import { relative, resolve } from "node:path";
import { type Machine, machine, qwen } from "../../support/qwen.ts";

/** Content by path below home; the project is `p`. */
export type Files = Readonly<Record<string, string | object>>;

/** The rules of `spec/settings-and-env.md`, row by row, read from `auth status --json`. */
export type Case = {
  readonly name: string;
  readonly files?: Files;
  readonly setUp?: (place: Machine) => void;
  readonly env?: (place: Machine) => Record<string, string>;
  readonly args?: readonly string[];
  /** Below home; the project by default. */
  readonly cwd?: string;
  /** Compared with what `look` returns; what it leaves out does not matter. */
  readonly expected: object;
  /** What must also stand in the text for people, or in the error. */
  readonly says?: readonly string[];
};

export const MINE = "https://mine.example/v1";

export const LOCAL = "http://localhost:1/v1";

export const USER = ".qwen/settings.json";

export const PROJECT = "p/.qwen/settings.json";

/** An entry with a variable and an endpoint of its own, so that nothing else decides. */
export const ENTRY = openai({ id: "m", envKey: "MY_KEY", baseUrl: MINE });

export function runCases(cases: readonly Case[]): void {
  for (const { name, files = {}, setUp, env, args = [], cwd = "p", expected, says } of cases) {
    test(name, async () => {
      const place = machine();
      for (const [path, content] of Object.entries(files)) {
        place.write(path, content);
      }
      setUp?.(place);
      const options = { env: env?.(place) ?? {}, cwd: resolve(place.home, cwd) };
      expect(await look(place, args, options)).toMatchObject(expected);
      if (says !== undefined) {
        const text = await qwen(place, ["auth", "status", ...args], options);
        for (const part of says) {
          expect(`${text.stdout}${text.stderr}`).toContain(part);
        }
        expect(`${text.stdout}${text.stderr}`).not.toContain("canary");
      }
    });
  }
}

/** The status with its sources in short: `mine < user model.name`, ` [project]` for the project's. */
export async function look(
  place: Machine,
  args: readonly string[] = [],
  options: { readonly env?: Record<string, string>; readonly cwd?: string } = {},
): Promise<object> {
  const { exitCode, stdout } = await qwen(place, ["auth", "status", "--json", ...args], options);
  const { error, ...status } = JSON.parse(stdout);
  if (error !== undefined) {
    return { exitCode, error: error.code };
  }
  const { model, baseUrl, key } = status;
  const short = (source: Source): string => shorten(source, place.home);
  return {
    exitCode,
    method: status.method,
    state: status.state,
    region: status.region,
    protocol: status.protocol,
    model: model && `${model.id} < ${short(model.source)}`,
    baseUrl: baseUrl && `${baseUrl.value} < ${short(baseUrl.source)}`,
    key: key.present ? short(key.source) : "none",
    masked: key.masked,
    envKey: key.envKey,
    shadowed: key.shadowed.map(short),
    dotenv: status.dotenv.path && relative(place.home, status.dotenv.path),
    hidden: status.dotenv.shadowed.map((path: string) => relative(place.home, path)),
    scopes: status.settings.map(({ scope }: { scope: string }) => scope),
    warnings: status.warnings,
  };
}

type Source = {
  readonly kind: string;
  readonly name?: string;
  readonly path?: string;
  readonly scope?: string;
  readonly origin: "user" | "project";
};

function shorten({ kind, name, path, scope, origin }: Source, home: string): string {
  const texts: Readonly<Record<string, string>> = {
    flag: `${name}`,
    env: `shell ${name}`,
    file: `file ${relative(home, path ?? "")} (${name})`,
    dotenv: `${relative(home, path ?? "")} ${name}`,
    settings: `${scope} ${name}`,
    default: "default",
  };
  return `${texts[kind]}${origin === "project" ? " [project]" : ""}`;
}

/** The source of a field of the user's first openai entry. */
export function user(field: string): string {
  return `user modelProviders.openai[0].${field}`;
}

export function providers(modelProviders: Readonly<Record<string, readonly object[]>>): object {
  return { modelProviders };
}

export function openai(...entries: readonly object[]): object {
  return providers({ openai: entries });
}
