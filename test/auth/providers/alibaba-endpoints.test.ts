import { expect, test } from "bun:test";
import {
  alibabaProvider,
  siblingEndpoints,
} from "../../../src/auth/providers/alibaba-endpoints.ts";

const CODING = "https://coding.dashscope.aliyuncs.com/v1";

test.each([
  [CODING, "coding-plan"],
  [`${CODING}/`, "coding-plan"],
  ["https://token-plan.ap-southeast-1.maas.aliyuncs.com/compatible-mode/v1", "token-plan"],
  ["https://dashscope-us.aliyuncs.com/compatible-mode/v1", "modelstudio"],
  ["https://w-1.cn-beijing.maas.aliyuncs.com/compatible-mode/v1", "modelstudio"],
  ["http://w-1.cn-beijing.maas.aliyuncs.com/compatible-mode/v1", undefined],
  ["https://maas.aliyuncs.com.evil.example/v1", undefined],
  ["https://evilmaas.aliyuncs.com/v1", undefined],
  ["https://maas.aliyuncs.com/v1", undefined],
  ["https://dashscope.aliyuncs.com/v1", undefined],
  ["no url", undefined],
])("alibabaProvider(%j) is %j", (baseUrl, id) => {
  expect(alibabaProvider(baseUrl)?.id).toBe(id as never);
});

test("siblingEndpoints() are all but the endpoint itself, and none of a foreign one", () => {
  const all = siblingEndpoints("https://w-1.maas.aliyuncs.com/v1").map(
    ({ provider, endpoint }) => `${provider.id} ${endpoint.region}`,
  );
  expect(all).toEqual([
    "coding-plan china",
    "coding-plan global",
    "token-plan china",
    "token-plan global",
    "modelstudio cn-beijing",
    "modelstudio sg-singapore",
    "modelstudio us-virginia",
    "modelstudio cn-hongkong",
  ]);
  const others = siblingEndpoints(`${CODING}/`).map(({ endpoint }) => endpoint.baseUrl);
  expect(others).toHaveLength(7);
  expect(others).not.toContain(CODING);
  expect(siblingEndpoints("https://a.example/v1")).toEqual([]);
});
