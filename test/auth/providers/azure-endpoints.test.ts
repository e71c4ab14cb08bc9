import { expect, test } from "bun:test";
import { completedAzureUrl, isAzure } from "../../../src/auth/providers/azure-endpoints.ts";

test.each([
  ["https://me.openai.azure.com", true],
  ["https://me.services.ai.azure.com/openai/v1", true],
  ["https://me.cognitiveservices.azure.com", true],
  ["https://openai.azure.com", false],
  ["https://me.openai.azure.com.evil.example", false],
  ["https://me.azure.com", false],
  ["no url", false],
])("isAzure(%j) is %p", (url, expected) => {
  expect(isAzure(url)).toBe(expected);
});

const ME = "https://me.openai.azure.com";

test.each([
  [ME, `${ME}/openai/v1`],
  [`${ME}/`, `${ME}/openai/v1`],
  [`${ME}/openai`, `${ME}/openai/v1`],
  [`${ME}/openai/`, `${ME}/openai/v1`],
  [`${ME}/openai/v1`, `${ME}/openai/v1`],
  [`${ME}/x`, `${ME}/x`],
  [`${ME}/?a=1`, `${ME}/?a=1`],
  ["https://a.example", "https://a.example"],
  ["no url", "no url"],
])("completedAzureUrl(%j) is %j", (url, completed) => {
  expect(completedAzureUrl(url)).toBe(completed);
});
