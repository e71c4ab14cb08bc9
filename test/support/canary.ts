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
