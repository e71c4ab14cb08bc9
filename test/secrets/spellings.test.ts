import { describe, expect, test } from "bun:test";
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

describe("createHider() hides a secret", () => {
  const ODD = 'p@ss/w"é😀';
  const json = JSON.stringify(ODD).slice(1, -1);
  const twice = JSON.stringify(json).slice(1, -1);
  const url = encodeURIComponent(ODD);
  test.each<[string, string, string]>([
    ["as it is", SECRET, `x${SECRET}y`],
    ["of eight signs", "01234567", "x01234567y"],
    ["in hexadecimal digits", SECRET, `x ${Buffer.from(SECRET).toString("hex")} y`],
    ["in large ones", SECRET, `x ${Buffer.from(SECRET).toString("hex").toUpperCase()} y`],
    ["of eight signs in hexadecimal digits", "01234567", "x 3031323334353637 y"],
    ["with odd signs", ODD, `x${ODD}y`],
    ["escaped for a URL", ODD, `x${url}y`],
    ["escaped in small digits", ODD, `x${url.toLowerCase()}y`],
    ["escaped twice for a URL", ODD, `x${encodeURIComponent(url)}y`],
    ["escaped three times for a URL", ODD, `x${encodeURIComponent(encodeURIComponent(url))}y`],
    ["escaped for JSON", ODD, `x${json}y`],
    ["escaped for JSON within JSON", ODD, `x${twice}y`],
    ["with a slash escaped", ODD, `x${json.replace("/", "\\/")}y`],
    ["escaped by its units", ODD, `x${units(ODD)}y`],
    ["escaped by its units in JSON", ODD, `x${units(ODD).replaceAll("\\", "\\\\")}y`],
    ["escaped for HTML by numbers", ODD, `x${html(ODD, (point) => String(point))}y`],
    ["escaped for HTML in hexadecimal", ODD, `x${html(ODD, (point) => `x${point.toString(16)}`)}y`],
    [
      "escaped for HTML, large",
      ODD,
      `x${html(ODD, (point) => `X00${point.toString(16).toUpperCase()}`)}y`,
    ],
    ["escaped for HTML twice", ODD, `x${html(ODD, String).replaceAll("&", "&amp;")}y`],
    ["of odd signs that is very long", `é${"a".repeat(1024)}`, `xé${"a".repeat(1024)}y`],
  ])("%s", (_how, secret, text) => {
    const hidden = text.includes(" ") ? "x *** y" : "x***y";
    expect(createHider([secret]).hide(text)).toBe(hidden);
  });

  test.each([
    ["with a plus and a slash", "\u00fb\u00ff\u00fe~~~\u00ff\u00fe"],
    ["of plain signs", SECRET],
  ])("%s in base64, of either alphabet, and escaped", (_what, secret) => {
    const { hide } = createHider([secret]);
    for (const before of ["", "a", "ab", "abc"]) {
      const run = Buffer.from(`${before}${secret}`).toString("base64");
      const safe = Buffer.from(`${before}${secret}`).toString("base64url");
      expect([run, safe].map((it) => hide(`x ${it} y`))).toEqual(["x *** y", "x *** y"]);
      for (const escaped of [run.replaceAll("/", "\\/"), encodeURIComponent(run)]) {
        expect(hide(`x ${escaped} y`)).toStartWith("x ");
        expect(hide(`x ${escaped} y`)).toContain("***");
      }
    }
  });

  test("each of several, and of two that contain each other all of the longer", () => {
    const { hide } = createHider(["01234567", "0123456789"]);
    expect(hide("0123456789 01234567 0123456")).toBe("*** *** 0123456");
    const hex = (text: string) => Buffer.from(text).toString("hex");
    const base64 = (text: string) => Buffer.from(text).toString("base64");
    const { hide: hideBoth } = createHider(["first-one-1", "second-two-2"]);
    expect(
      hideBoth(`${base64("first-one-1")} ${base64("second-two-2")} ${base64("first-one-1")}`),
    ).toBe("*** *** ***");
    expect(hideBoth(`${hex("second-two-2")} ${hex("first-one-1")}`)).toBe("*** ***");
  });
});

test("createHider() takes less than eight signs for no secret, and learns others later", () => {
  const { add, hide } = createHider();
  expect(hide(`a ${SECRET}`)).toBe(`a ${SECRET}`);
  add("0123456");
  expect(hide("0123456")).toBe("0123456");
  add(SECRET);
  add(SECRET);
  const encoded = Buffer.from(SECRET).toString("base64");
  expect(hide(`a ${SECRET} ${encoded}`)).toBe("a *** ***");
  // Also after digits were looked for.
  add("01234567");
  expect(hide(`a ${SECRET} 01234567 ${Buffer.from("01234567").toString("base64")}`)).toBe(
    "a *** *** ***",
  );
});

test.each([..."{[@`}]:,.;%~ "])("createHider() hides a run of base64 up to the sign %j", (sign) => {
  const { hide } = createHider([SECRET]);
  const run = Buffer.from(`key ${SECRET} `).toString("base64");
  expect(hide(`a${sign}${run}${sign}b${sign}${run}`)).toBe(`a${sign}***${sign}b${sign}***`);
  expect(hide(run)).toBe("***");
});

test("createHider() leaves what is only like a secret", () => {
  const { hide } = createHider([SECRET, "p@ss/wör"]);
  for (const text of ["", SECRET.slice(1), "p%ss/wör", "&#112;", "cC9z", SECRET.toUpperCase()]) {
    expect(hide(text)).toBe(text);
  }
});

function units(text: string): string {
  return text.replace(
    /[^\w-]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

function html(text: string, spell: (point: number) => string): string {
  return [...text]
    .map((char) => (/[\w-]/.test(char) ? char : `&#${spell(char.codePointAt(0) ?? 0)};`))
    .join("");
}
