import { isJsonObject } from "../../lib/json/json-object.ts";
import { findSetting } from "../../settings/settings-layer.ts";
import type { Configuration } from "../configuration.ts";
import type { Resolution } from "../resolution.ts";

type Unread = {
  readonly path: readonly string[];
  /** Whether a value would do something in Qwen Code. */
  readonly isSet: (value: unknown) => boolean;
  readonly why: string;
};

const isTrue = (value: unknown): boolean => value === true;

/** Settings that have an effect on questions in Qwen Code, and none here. */
const UNREAD: readonly Unread[] = [
  {
    path: ["modelFallbacks"],
    isSet: (value) => typeof value === "string" || (Array.isArray(value) && value.length > 0),
    why: "where a model fails, no other one is asked",
  },
  {
    path: ["model", "enableOpenAILogging"],
    isSet: isTrue,
    why: "no log of requests is kept; `--debug` tells what was done",
  },
  {
    path: ["security", "auth", "useExternal"],
    isSet: isTrue,
    why: "a set-up is looked through before every question",
  },
  {
    path: ["outboundCorrelation", "allowDynamicHeaderValues"],
    isSet: isTrue,
    why: "a header that holds the id of a session is left out",
  },
];

/**
 * What somebody has set for Qwen Code and nothing reads here, where a question goes out otherwise
 * for it (`spec/settings-and-env.md`): a sentence each. Pure.
 */
export function unreadSettings(
  { layers }: Pick<Configuration, "layers">,
  { entry }: Pick<Resolution, "entry">,
): readonly string[] {
  const general: string[] = [];
  for (const { path, isSet, why } of UNREAD) {
    const found = findSetting(layers, path);
    if (found !== undefined && isSet(found.value)) {
      general.push(notRead(found.source.name, found.source.path, why));
    }
  }
  const declared = entry?.capabilities?.reasoning;
  // Qwen Code writes the other fields into entries of its own, whether or not anybody cares.
  if (entry === undefined || !isJsonObject(declared) || declared.profile === undefined) {
    return general;
  }
  const { name, path } = entry.sourceOf();
  const why = "thinking is asked for as the host of the endpoint takes it";
  return [...general, notRead(`${name}.capabilities.reasoning.profile`, path, why)];
}

function notRead(name: string | undefined, path: string | undefined, why: string): string {
  return `\`${name}\` in \`${path}\` is not read: ${why}`;
}
