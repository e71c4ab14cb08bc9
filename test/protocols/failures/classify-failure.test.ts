import { describe, expect, test } from "bun:test";
import { answerFailure, streamedFailure } from "../../../src/protocols/failures/answer-failure.ts";
import { classifyFailure } from "../../../src/protocols/failures/classify-failure.ts";
import { ANYWHERE } from "../../fixtures/failures/documented.ts";
import { GATEWAYS, IN_XML, TOO_LONG } from "../../fixtures/failures/gateways.ts";

describe("classifyFailure() tells what a service means, whoever it is:", () => {
  const refused = [...ANYWHERE, ...GATEWAYS, ...TOO_LONG, ...IN_XML].filter(
    ([, , status]) => status !== 200,
  );
  test.each(refused)("%s", (_name, _baseUrl, status, body, kind) => {
    const text = typeof body === "string" ? body : JSON.stringify(body);
    const failure = answerFailure({ status, headers: new Headers(), body: text, now: 0 });
    expect(failure.kind).toBe(kind);
    expect(failure.message).not.toMatch(/without a reason|^\{"|<\/|<\?xml/);
  });
});

describe("classifyFailure() tells the same inside a stream:", () => {
  const framed = [...ANYWHERE, ...GATEWAYS, ...TOO_LONG].filter(
    ([, , , body]) => typeof body !== "string",
  );
  test.each(framed)("%s", (_name, _baseUrl, _status, body, kind) => {
    const { kind: told } = streamedFailure({ event: body });
    // What only a status tells is a problem of the server's there.
    const isByStatus = ["bad-request", "forbidden", "quota"].includes(kind);
    expect(isByStatus ? [kind, "server-error", "bad-request"] : [kind]).toContain(told);
  });
});

test("classifyFailure() takes no time for a long text", () => {
  const words = "model ".repeat(20_000);
  expect(classifyFailure({ status: 400, codes: [], words }).kind).toBe("bad-request");
});
