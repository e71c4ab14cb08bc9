import type { Login } from "../auth/login/login.ts";
import { MOST_LISTED } from "../auth/login/update-models.ts";
import { configurableModels } from "../auth/verify/listed-models.ts";
import type { Verification } from "../auth/verify/verification.ts";
import { UsageError } from "../errors.ts";
import { hostOf } from "../lib/endpoint-url.ts";

/**
 * A login for which no model was named and none is known, with those that the endpoint lists.
 * @throws UsageError when it lists none, or more than anybody wants in settings
 */
export function takeListedModels(login: Login, verified: Verification): Login {
  const listed = verified.state === "unchecked" ? [] : configurableModels(verified.models ?? []);
  const models = listed.map(({ id }) => id);
  const [first] = models;
  if (first === undefined || models.length > MOST_LISTED) {
    const count = first === undefined ? "none" : models.length;
    throw new UsageError(
      `Cannot choose a model: none was given, and ${hostOf(login.baseUrl)} lists ${count}`,
      {
        code: "missing-input",
        hint: `give \`--model ID\`${first === undefined ? "" : `, such as \`--model ${first}\``}`,
      },
    );
  }
  return { ...login, models, model: first };
}
