import { expect, test } from "bun:test";
import { shownUrl } from "../../src/lib/endpoint-url.ts";

test.each([
  ["https://api.test/v1/models", "https://api.test/v1/models"],
  ["http://127.0.0.1:8000", "http://127.0.0.1:8000"],
  ["https://user:secret@api.test/v1", "https://api.test/v1"],
  ["https://api.test/v1?key=secret&alt=sse", "https://api.test/v1?key&alt"],
  ["https://api.test/?sig=secret#secret", "https://api.test?sig"],
  ["http://user:pass@word@proxy.test:3128", "http://proxy.test:3128"],
  ["https://api.test/keyLIKE/v1", "https://api.test/***/v1"],
  ["secret", "no URL"],
])("shownUrl() shows %s as %s", (url, shown) => {
  expect(shownUrl(url, (part) => part === "keyLIKE")).toBe(shown);
});
