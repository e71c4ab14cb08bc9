import { expect, test } from "bun:test";
import { createPkce } from "../../../src/auth/oauth/pkce.ts";

test("createPkce() makes a verifier of RFC 7636 and its S256 challenge, each time another", () => {
  const { verifier, challenge } = createPkce();
  expect(verifier).toMatch(/^[A-Za-z0-9_-]{43}$/);
  expect(challenge).toBe(new Bun.CryptoHasher("sha256").update(verifier).digest("base64url"));
  expect(createPkce().verifier).not.toBe(verifier);
});
