import type { Source } from "../../source.ts";
import type { Configuration } from "../configuration.ts";
import { PROTOCOLS, STANDARD } from "../protocol.ts";
import type { Catalogue, Resolution } from "../resolution.ts";

/** Names that other programs read, and ours for the same. */
const OTHER_NAMES: readonly (readonly [name: string, ours: string])[] = [
  ["OPENAI_API_BASE", "OPENAI_BASE_URL"],
  ["OPENAI_API_URL", "OPENAI_BASE_URL"],
  ["OPENAI_KEY", "OPENAI_API_KEY"],
  ["OPENAI_MODEL_NAME", "OPENAI_MODEL"],
  ["QWEN_BASE_URL", "OPENAI_BASE_URL"],
  ["ANTHROPIC_API_BASE", "ANTHROPIC_BASE_URL"],
  ["ANTHROPIC_API_URL", "ANTHROPIC_BASE_URL"],
  ["GEMINI_API_BASE", "GEMINI_BASE_URL"],
];

/** What Qwen Code alone reads, and what is so here instead. */
const ITS_OWN: readonly (readonly [name: string, why: string])[] = [
  ["QWEN_CODE_TRUSTED_FOLDERS_PATH", "`qwen trust --list` shows which folders are trusted"],
  ["QWEN_STREAM_MAX_LIFETIME_MS", "an answer may take as long as it comes"],
  ["DASHSCOPE_PROXY_BASE_URL", "what DashScope alone knows goes to hosts of Alibaba Cloud alone"],
];

/**
 * Variables that somebody has set and that nothing reads, or that something else goes before, each
 * with what to do (`spec/settings-and-env.md`): a sentence each. Pure.
 */
export function unreadVariables(
  configuration: Configuration,
  resolution: Resolution,
  catalogue: Pick<Catalogue, "keyVariables">,
): readonly string[] {
  const { variable, models } = configuration;
  const isSet = (name: string): boolean => variable(name) !== undefined;
  const renamed = OTHER_NAMES.filter(([name, ours]) => isSet(name) && !isSet(ours)).map(
    ([name, ours]) => `${name} is not read: use ${ours}`,
  );
  const its = ITS_OWN.filter(([name]) => isSet(name)).map(
    ([name, why]) => `${name} is not read: ${why}`,
  );
  const used = new Set(models.entries.map(({ envKey }) => envKey));
  const { key } = resolution;
  used.add("envKey" in key ? key.envKey : undefined);
  const keys = catalogue
    .keyVariables()
    .filter(({ name }) => !used.has(name))
    .map(({ name, command }) => {
      const found = variable(name);
      if (found === undefined) {
        return [];
      }
      // No login takes a key from a project's file.
      const input = found.source.origin === "user" ? `--key-env ${name}` : "--key-stdin";
      return [`${name} is set, and nothing uses it: run \`${command} ${input}\``];
    })
    .flat();
  return [...renamed, ...its, ...keys, ...overruled(configuration, resolution)];
}

/** Endpoint and model of the environment that settings go before. */
function overruled({ variable }: Configuration, resolution: Resolution): string[] {
  const decisive = decisiveSetting(resolution);
  if (decisive === undefined) {
    return [];
  }
  const read = new Set(
    [resolution.endpoint?.source, resolution.model?.source].map((source) => source?.name),
  );
  return PROTOCOLS.filter(
    (protocol) => resolution.isQwenOauth || protocol === resolution.protocol?.value,
  )
    .map((protocol) => {
      const { baseUrls, models, keys } = STANDARD[protocol];
      const names = [...(resolution.isQwenOauth ? keys : []), ...baseUrls, ...models].filter(
        (name) => variable(name)?.source.kind === "env" && !read.has(name),
      );
      return names.length === 0
        ? []
        : [
            `${names.join(" and ")} of the shell ${names.length === 1 ? "is" : "are"} not used: ` +
              `\`${decisive.name}\` in \`${decisive.path}\` goes before`,
          ];
    })
    .flat();
}

function decisiveSetting({ isQwenOauth, selectedBy, model }: Resolution): Source | undefined {
  const source = isQwenOauth ? selectedBy : model?.source;
  return source?.kind === "settings" ? source : undefined;
}
