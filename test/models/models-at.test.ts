import { expect, test } from "bun:test";
import { modelsAt } from "../../src/models/models-at.ts";
import { configuration, settings } from "./configuration.ts";

test("modelsAt() are those of the protocol, at the endpoint in force or at none", () => {
  const here = "https://a.example/v1";
  const known = configuration({
    settings: {
      user: {
        modelProviders: {
          openai: [
            { id: "here", baseUrl: here },
            { id: "anywhere" },
            { id: "there", baseUrl: "https://b.example/v1" },
          ],
          anthropic: [{ id: "other", baseUrl: here }],
        },
      },
    },
  });
  const source = settings("user", "x");
  const at = (value: string) => ({
    protocol: { value: "openai", source, shadowed: [] } as const,
    endpoint: { value, source, shadowed: [] },
  });
  expect(modelsAt(known, at(here))).toEqual(["here", "anywhere"]);
  expect(modelsAt(known, at("https://c.example/v1"))).toEqual(["anywhere"]);
});
