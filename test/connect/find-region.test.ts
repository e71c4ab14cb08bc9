import { describe, expect, test } from "bun:test";
import { findRegion } from "../../src/connect/find-region.ts";
import { providerNamed } from "../../src/flags/endpoint-flags.ts";
import { toLoginOptions } from "../../src/flags/login-flags.ts";
import { laterProblemOf } from "../support/problem-of.ts";
import { GLOBALS, networked, setUp } from "./set-up.ts";

type Reply = (key: string | null) => Response;

const KEY = "sk-0123456789abcdef";
const OPTIONS = toLoginOptions({}, GLOBALS);
const LIST = { data: [{ id: "kimi-k3" }, { id: "qwen3.5-plus" }] };

/** A list that is given for the key alone. */
const ok: Reply = (sent) => (sent === KEY ? Response.json(LIST) : refused());
const refused = () => Response.json({ error: { message: "Invalid API key" } }, { status: 401 });
const down = () => new Response("down", { status: 503 });
const nothing = () => new Response("", { status: 404 });

/** Asks the regions of a provider; what is not named refuses the key. */
function find(id: string, replies: Readonly<Record<string, Reply>>, more: object = {}) {
  const { runtime } = setUp({ terminals: ["stderr"] });
  const { at, asked } = networked(runtime, (url, key) => {
    const host = URL.parse(url)?.host ?? "";
    return (replies[host] ?? refused)(key);
  });
  const provider = providerNamed(id);
  const work = () => findRegion(at, { ...OPTIONS, ...more }, { provider, key: KEY });
  return { work, asked, said: () => runtime.written.stderr };
}

describe("findRegion()", () => {
  test.each<[Readonly<Record<string, Reply>>, string]>([
    [{ "api.moonshot.ai": ok }, "global"],
    [{ "api.moonshot.cn": ok }, "china"],
    [{ "api.moonshot.ai": ok, "api.moonshot.cn": ok }, "global"],
    [{ "api.moonshot.ai": down, "api.moonshot.cn": ok }, "china"],
  ])("takes the first region that accepts the key (%#)", async (replies, region) => {
    const { work, said } = find("moonshot", replies);
    expect((await work()).endpoint.region).toBe(region);
    expect(said()).toContain("Asking the regions of Moonshot Kimi …");
  });

  test("sends the key to the regions of the provider and to nobody else", async () => {
    const { work, asked } = find("moonshot", { "api.moonshot.ai": ok });
    await work();
    const hosts = asked.map(({ url }) => URL.parse(url)?.host);
    expect([...new Set(hosts)].sort()).toEqual(["api.moonshot.ai", "api.moonshot.cn"]);
    expect(asked.filter(({ key }) => key === KEY)).toHaveLength(2);
  });

  test("says nothing with --quiet", async () => {
    const { work, said } = find("moonshot", { "api.moonshot.ai": ok }, { quiet: true });
    await work();
    expect(said()).toBe("");
  });

  test("is the key's fault where every region refuses it", async () => {
    expect(await laterProblemOf(find("moonshot", {}).work)).toEqual({
      name: "AuthError",
      code: "key-rejected",
      message: "Cannot find the region of the key: no region of Moonshot Kimi accepts it",
      hint: "check the key, or make a new one where the provider shows its keys",
    });
  });

  const inconclusive = "name the region with `--region`, or try again later";
  test.each<[string, string, Readonly<Record<string, Reply>>]>([
    ["UnreachableError", "unreachable", { "api.moonshot.cn": down }],
    ["QwenError", "failed", { "api.moonshot.cn": nothing }],
  ])("is no fault of the key where one has not said so: %s", async (name, code, replies) => {
    const problem = await laterProblemOf(find("moonshot", replies).work);
    expect(problem).toMatchObject({ name, code, hint: inconclusive });
    expect(problem?.message).toStartWith("Cannot find the region of the key: ");
    expect(problem?.message).toContain("api.moonshot.cn");
  });

  test("finds a key of Alibaba Cloud that is another plan's", async () => {
    const { work } = find("coding-plan", { "dashscope-intl.aliyuncs.com": ok });
    expect(await laterProblemOf(work)).toMatchObject({
      name: "AuthError",
      hint: "run `qwen auth api-key --provider modelstudio --region sg-singapore`: the key works at Alibaba Cloud ModelStudio Standard API Key (sg-singapore)",
    });
  });
});
