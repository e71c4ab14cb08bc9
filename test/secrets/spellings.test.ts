import { expect, test } from "bun:test";
import fc from "fast-check";
import { createHider } from "../../src/secrets/spellings.ts";

const SECRET = "sk-0123456789abcdef";

test("createHider() hides all of a run of Base64 that holds a secret, whatever is around it", () => {
  const { hide } = createHider([SECRET]);
  const around = fc.string({ unit: fc.constantFrom(..."zZaA09:/é~ÿ\u0000?"), maxLength: 9 });
  fc.assert(
    fc.property(
      around,
      around,
      fc.constantFrom("base64" as const, "base64url" as const),
      (before, behind, how) => {
        const run = Buffer.from(before + SECRET + behind).toString(how);
        expect(hide(`Basic ${run}, then`)).toBe("Basic ***, then");
      },
    ),
    { numRuns: 2000 },
  );
});
