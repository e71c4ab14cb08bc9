import { describe, expect, test } from "bun:test";
import * as v from "valibot";
import { readAccountResponse, Seconds, saidBy } from "../../../src/auth/oauth/account-response.ts";

const read = (status: number, body: string | object) =>
  readAccountResponse(
    {
      status,
      headers: new Headers(),
      body: typeof body === "string" ? body : JSON.stringify(body),
    },
    0,
  );

describe("readAnswer()", () => {
  test.each<readonly [status: number, body: string | object, expected: object]>([
    [200, { a: 1 }, { kind: "success", value: { a: 1 } }],
    [200, { error: "slow_down" }, { kind: "error", code: "slow_down" }],
    [400, { error: "invalid_grant", error_description: "used" }, { description: "used" }],
    [400, { message: "no" }, { kind: "error", code: "", description: "no" }],
    [401, {}, { kind: "error", status: 401, code: "" }],
    [429, { error: "slow_down" }, { kind: "error", code: "slow_down" }],
    [429, { error: "other" }, { kind: "fault", failure: { kind: "rate-limited" } }],
    [429, "", { kind: "fault", failure: { kind: "rate-limited" } }],
    [400, { error: "server_error" }, { kind: "fault", failure: { kind: "server-error" } }],
    [503, { error: "access_denied" }, { kind: "fault", failure: { kind: "server-error" } }],
    [502, "<html>", { kind: "fault", failure: { kind: "server-error", status: 502 } }],
    [200, "<html>", { kind: "fault", failure: { kind: "malformed" } }],
    [400, "<!doctype html>", { kind: "fault", failure: { kind: "malformed", status: 400 } }],
    [200, "[]", { kind: "fault", failure: { kind: "malformed" } }],
    [200, "", { kind: "fault", failure: { kind: "malformed" } }],
    [200, "null", { kind: "fault", failure: { kind: "malformed" } }],
  ])("%d with %j", (status, body, expected) => {
    expect(read(status, body)).toMatchObject(expected);
  });
});

test.each([
  ["invalid_grant", "it was used", " (400: invalid_grant, it was used)"],
  ["invalid_grant", "", " (400: invalid_grant)"],
  ["", "", " (400)"],
])("saidBy() puts %j and %j together", (code, description, said) => {
  expect(saidBy({ status: 400, code, description })).toBe(said);
});

test.each<readonly [given: unknown, milliseconds: number | undefined]>([
  [5, 5000],
  [0, 0],
  ["5", 5000],
  ["1.5", 1500],
  ["-5", undefined],
  [-5, undefined],
  ["x5", undefined],
  ["5x", undefined],
  ["", undefined],
  ["1e3", undefined],
  [Number.POSITIVE_INFINITY, undefined],
  [null, undefined],
  [undefined, undefined],
])("Seconds of %j are %p ms", (given, milliseconds) => {
  expect(v.parse(Seconds, given)).toBe(milliseconds as never);
});

test("saidBy() keeps no more than a few hundred characters of what is said", () => {
  const said = saidBy({ status: 400, code: "", description: "no ".repeat(5000) });
  expect(said).toStartWith(" (400: no no ");
  expect(said).toEndWith("…)");
  expect(said.length).toBeLessThan(320);
});
