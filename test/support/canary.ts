/** One that looks like a key of the plan, and one that is changed by every way of writing it. */
export const CANARIES = [
  "sk-sp-c4n4ry0123456789abcdefCANARY",
  '0f/c4n4ry+Key=="&%quoted\\tail#0123456789',
];

/** However the key may be written: as it is, in a URL, in JSON, in base64 of both alphabets. */
function spellings(key: string): string[] {
  const base64 = Buffer.from(key).toString("base64");
  return [
    key,
    encodeURIComponent(key),
    encodeURIComponent(key).replace(/%../g, (octet) => octet.toLowerCase()),
    JSON.stringify(key).slice(1, -1),
    JSON.stringify(key).slice(1, -1).replaceAll("/", "\\/"),
    base64,
    base64.replace(/=+$/, ""),
    Buffer.from(key).toString("base64url"),
    Buffer.from(key).toString("hex"),
    [...key].reverse().join(""),
  ];
}

/** Which spellings of `key` stand in `text`. */
export const found = (text: string, key: string) =>
  spellings(key).filter((spelling) => text.includes(spelling));

/** So many characters in a row of the key, in whatever spelling, are the most that may be seen. */
const LONGEST_PART = 6;

/** Every run of a key that is too long to be shown: as it is, in hexadecimal digits, in base64. */
export function partsOf(key: string): string[] {
  const texts = [key, Buffer.from(key).toString("hex")].concat(
    ["", "x", "xx"].map((before) =>
      Buffer.from(before + key)
        .toString("base64")
        .slice(4, -4),
    ),
  );
  return texts.flatMap((text) =>
    Array.from({ length: text.length - LONGEST_PART }, (_, at) =>
      text.slice(at, at + LONGEST_PART + 1),
    ),
  );
}
