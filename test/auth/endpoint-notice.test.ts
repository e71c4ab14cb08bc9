import { describe, expect, test } from "bun:test";
import { endpointNotice } from "../../src/auth/endpoint-notice.ts";
import { CATALOGUE } from "../../src/auth/providers/catalogue.ts";
import { resolveConnection } from "../../src/models/resolve-connection.ts";
import { configuration, ofProject } from "../models/configuration.ts";

type Given = NonNullable<Parameters<typeof configuration>[0]>;

function notice(given: Given): string | undefined {
  return endpointNotice(resolveConnection(configuration(given), {}, CATALOGUE));
}

const OWN = { OPENAI_API_KEY: "sk-0123456789", OPENAI_MODEL: "m" };
const THEIRS = { ...OWN, OPENAI_BASE_URL: ofProject("https://e.example/v1") };

describe("endpointNotice()", () => {
  test("says nothing of an endpoint of the user's", () => {
    expect(notice({ variables: OWN })).toBeUndefined();
  });

  test("names key, endpoint and file when only trust pairs them", () => {
    expect(notice({ variables: THEIRS, trusted: ["/repo"] })).toBe(
      "using OPENAI_API_KEY with https://e.example/v1 from /repo/.env (OPENAI_BASE_URL) (folder trusted)",
    );
  });

  test("names the project's file where a variable of it fills in the user's setting", () => {
    const path = "modelProviders.openai[0].baseUrl";
    const entry = { id: "m", envKey: "OPENAI_API_KEY", baseUrl: "https://e.example/v1" };
    const settings = { user: { modelProviders: { openai: [entry] } } };
    const given = { settings, projectPaths: [path], variables: OWN, trusted: ["/repo"] };
    expect(notice(given)).toBe(
      "using OPENAI_API_KEY with https://e.example/v1 from /repo/.env (PART) (folder trusted)",
    );
  });

  test("names the endpoint when the key is the project's, too", () => {
    const variables = { ...THEIRS, OPENAI_API_KEY: ofProject("sk-0123456789") };
    expect(notice({ variables })).toBe(
      "the endpoint is https://e.example/v1 from /repo/.env (OPENAI_BASE_URL)",
    );
  });
});
