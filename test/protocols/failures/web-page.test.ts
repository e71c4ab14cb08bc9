import { expect, test } from "bun:test";
import { isWebPage } from "../../../src/protocols/failures/web-page.ts";

test.each([
  ["<!DOCTYPE html><p>", true],
  ["\ufeff \n<HTML lang=en>", true],
  ["<?xml version='1.0'?>", true],
  ["<!-- page -->", true],
  ["<think>Hm</think>", false],
  ['{"a": "<html>"}', false],
  ["", false],
])("isWebPage(%p) is %p", (body, expected) => {
  expect(isWebPage(body)).toBe(expected);
});
