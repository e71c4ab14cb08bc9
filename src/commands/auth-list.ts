import { describeProviders, type ListedProvider } from "../auth/describe-providers.ts";
import { describeSource } from "../auth/describe-source.ts";
import { EXIT, type ExitCode } from "../errors.ts";
import { jsonText, visibleText } from "../lib/visible-text.ts";
import type { Runtime } from "../runtime.ts";
import { chooseStyle, type Style } from "../terminal/style.ts";
import type { Command, GlobalOptions } from "./command.ts";
import { loadConnection } from "./load-connection.ts";
import { warnOfProblem } from "./warn-of-problem.ts";

export type ListOptions = GlobalOptions & { readonly json: boolean };

export const listCommand: Command<ListOptions> = {
  details: [
    "Lists configured providers and stored credentials, the one in force marked",
    "with *. Connects to nothing.",
  ],
  flags: { json: { type: "boolean", description: "Print one JSON object" } },
  examples: ["qwen auth list", "qwen auth list --json | jq -r '.providers[].id'"],
  toOptions: (values, globals) => ({ ...globals, json: values.json === true }),
  run: runList,
};

/** Lists the providers; exit 0 also when there is none. */
export async function runList(runtime: Runtime, options: ListOptions): Promise<ExitCode> {
  const { configuration, resolution } = await loadConnection(runtime, options);
  const providers = describeProviders(configuration, resolution);
  if (options.json) {
    await runtime.stdout.write(jsonText({ schemaVersion: 1, providers }));
    return EXIT.ok;
  }
  await warnOfProblem(runtime, options, resolution);
  if (providers.length === 0) {
    await runtime.stderr.write("No provider is configured; run `qwen auth`\n");
    return EXIT.ok;
  }
  const style = await chooseStyle(runtime, runtime.stdout, options.color);
  await runtime.stdout.write(providers.map((it) => renderProvider(it, style)).join("\n"));
  return EXIT.ok;
}

function renderProvider(provider: ListedProvider, style: Style): string {
  const { id, label, protocol, baseUrl, key, envKey, models, active } = provider;
  const keyText =
    key.source === undefined
      ? envKey === undefined
        ? "none"
        : `missing (${envKey})`
      : `${key.masked}  from ${describeSource(key.source)}`;
  const rows: readonly (readonly [string, string])[] = [
    ["Base URL", `${baseUrl ?? "unknown"} (${protocol})`],
    ["Key", keyText],
    ["Models", models.length === 0 ? "none" : models.join(", ")],
  ];
  const head = `${active ? style.green("*") : " "} ${style.bold(visibleText(id))}  ${visibleText(label)}`;
  const lines = rows.map(
    ([name, text]) => `    ${style.dim(name.padEnd(8))}  ${visibleText(text)}`,
  );
  return `${[head, ...lines].join("\n")}\n`;
}
