import { QwenError } from "../errors.ts";
import type { Runtime } from "../runtime.ts";
import type { GlobalOptions } from "./command.ts";
import { loadConnection } from "./load-connection.ts";
import { describeSource } from "./render-status.ts";

type Written = {
  readonly envKey: string;
  readonly key: string;
  readonly baseUrl: string;
  readonly model: string;
  readonly options: GlobalOptions;
};

/**
 * Reads everything again after a write and says which higher source still wins over what was
 * written, by name (`spec/settings-and-env.md`, "Scope of a write").
 */
export async function shadowWarnings(runtime: Runtime, written: Written): Promise<string[]> {
  const { options } = written;
  try {
    const { configuration, resolution } = await loadConnection(runtime, options);
    if (resolution.problem !== undefined) {
      return [`the settings cannot be used as they are: ${resolution.problem.message}`];
    }
    const key = configuration.variable(written.envKey);
    return [
      key === undefined || key.value === written.key
        ? undefined
        : `the key of ${describeSource(key.source)} wins over the one just written`,
      resolution.model === undefined || resolution.model.value === written.model
        ? undefined
        : `the model of ${describeSource(resolution.model.source)} wins over the one just written`,
      resolution.endpoint === undefined || resolution.endpoint.value === written.baseUrl
        ? undefined
        : `${describeSource(resolution.endpoint.source)} wins: requests go to ${resolution.endpoint.value}`,
    ].filter((warning) => warning !== undefined);
  } catch (error) {
    if (error instanceof QwenError) {
      return [`the settings cannot be used as they are: ${error.message}`];
    }
    throw error;
  }
}
