/** What an error in XML says, named as JSON would name it (`readError`). */
export type XmlError = { readonly code?: string; readonly message: string };

/**
 * The error in a body of XML, as stores, clouds and gateways answer it before a service is asked:
 * S3 and Azure `<Error><Code><Message>`, SOAP `<faultstring>`, OData and WSO2 with a prefix.
 * `undefined`: it is no XML, a web page, or gives no reason. Linear, whatever the body.
 */
export function readXml(body: string): XmlError | undefined {
  if (!/^\ufeff?\s*</.test(body) || /<html\b/i.test(body)) {
    return undefined;
  }
  const message = textOf(body, MESSAGE);
  const code = textOf(body, CODE);
  return message === undefined ? undefined : { message, ...(code === undefined ? {} : { code }) };
}

const MESSAGE = element("message|faultstring|description|detail|reason|msg");
const CODE = element("code|errorcode|faultcode");

/** An element with a text in it alone. */
function element(names: string): RegExp {
  return new RegExp(
    String.raw`<(?:[\w-]{1,64}:)?(?:${names})(?:\s[^<>]*)?>(?:\s*<!\[CDATA\[([^\]]*)\]\]>|([^<]*)</)`,
    "i",
  );
}

function textOf(body: string, pattern: RegExp): string | undefined {
  const [, data, text] = pattern.exec(body) ?? [];
  const read = (data ?? withoutEntities(text ?? "")).replace(/\s+/g, " ").trim();
  return read === "" ? undefined : read;
}

const ENTITIES: Readonly<Record<string, string>> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
};

function withoutEntities(text: string): string {
  return text.replace(/&(\w{2,4});/g, (whole, name: string) => ENTITIES[name] ?? whole);
}
