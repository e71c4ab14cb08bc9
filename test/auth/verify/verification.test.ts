import { expect, test } from "bun:test";
import {
  describeVerification,
  isAllWell,
  UNCHECKED,
} from "../../../src/auth/verify/verification.ts";

test.each([
  ["ok", true, true],
  ["ok", undefined, true],
  ["ok", false, false],
  ["rejected", true, false],
  ["unreachable", true, false],
  ["unverifiable", undefined, false],
  ["unchecked", undefined, false],
] as const)("isAllWell() of %s, the model listed: %p, is %p", (state, modelListed, expected) => {
  expect(isAllWell(modelListed === undefined ? { state } : { state, modelListed })).toBe(expected);
});

test("describeVerification() has all but the list of models", () => {
  expect(describeVerification(UNCHECKED)).toEqual({ state: "unchecked" });
  const field = {
    state: "ok",
    checkedAt: "2026-11-30T08:00:00.000Z",
    httpStatus: 200,
    detail: "2 models listed",
    modelListed: true,
    left: "5 USD",
  } as const;
  expect(describeVerification({ ...field, models: [{ id: "m" }] })).toEqual(field);
  expect(describeVerification(field)).toEqual(field);
});
