import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { mappingProxy } from "../../support/mapping-proxy.ts";
import { machine, qwen } from "../../support/qwen.ts";
import { selfSigned, serveLoopback } from "../../support/tls-server.ts";

setDefaultTimeout(60_000);

const KEY = "sk-balance-0123456789abcdef0123";
const WORK = "sk-balance-work-0123456789abcdef";

type Row = {
  readonly provider: readonly string[];
  readonly model: string;
  readonly host: string;
  readonly path: string;
  readonly answer: unknown;
  /** What is shown. */
  readonly left: object;
};

const deepseek = {
  provider: ["deepseek"],
  model: "deepseek-v4-pro",
  host: "api.deepseek.com",
  path: "/user/balance",
};
const DEEPSEEK_CONSOLE = { consoleUrl: "https://platform.deepseek.com/api_keys" };

const ROWS: readonly Row[] = [
  {
    ...deepseek,
    answer: { is_available: true, balance_infos: [{ currency: "CNY", total_balance: "110.00" }] },
    left: { left: "110.00 CNY" },
  },
  { ...deepseek, answer: { balance_infos: [] }, left: DEEPSEEK_CONSOLE },
  {
    ...deepseek,
    answer: { balance_infos: [{ currency: "CNY\u001b[2J", total_balance: "1" }] },
    left: DEEPSEEK_CONSOLE,
  },
  {
    ...deepseek,
    answer: { balance_infos: [{ currency: "CNY", total_balance: "free money, click here" }] },
    left: DEEPSEEK_CONSOLE,
  },
  { ...deepseek, answer: "<!doctype html>", left: DEEPSEEK_CONSOLE },
  { ...deepseek, answer: undefined, left: DEEPSEEK_CONSOLE },
  {
    provider: ["openrouter"],
    model: "openrouter/auto",
    host: "openrouter.ai",
    path: "/api/v1/key",
    answer: { data: { limit: 20, limit_remaining: 12.345678 } },
    left: { left: "12.35 USD" },
  },
  {
    provider: ["openrouter"],
    model: "openrouter/auto",
    host: "openrouter.ai",
    path: "/api/v1/key",
    answer: { data: { limit: null, limit_remaining: null } },
    left: { consoleUrl: "https://openrouter.ai/settings/keys" },
  },
  ...(["global", "china"] as const).map((region) => ({
    provider: ["moonshot", "--region", region],
    model: "kimi-k3",
    host: region === "china" ? "api.moonshot.cn" : "api.moonshot.ai",
    path: "/v1/users/me/balance",
    answer: { code: 0, data: { available_balance: -3.5 }, status: true },
    left: { left: region === "china" ? "-3.5 CNY" : "-3.5 USD" },
  })),
  ...(["global", "china"] as const).map((region) => ({
    provider: ["minimax", "--region", region],
    model: "MiniMax-M3",
    host: region === "china" ? "api.minimaxi.com" : "api.minimax.io",
    path: "/none",
    answer: {},
    left: {
      consoleUrl: `https://platform.${region === "china" ? "minimaxi.com" : "minimax.io"}`,
    },
  })),
  {
    provider: ["xai"],
    model: "grok-4.5",
    host: "api.x.ai",
    path: "/none",
    answer: {},
    left: { consoleUrl: "https://console.x.ai" },
  },
];

async function service({ model, host, path, answer }: Row) {
  const certificate = await selfSigned([host]);
  const asked: string[] = [];
  const { port } = serveLoopback((request) => {
    const { pathname } = new URL(request.url);
    const key = request.headers.get("authorization");
    asked.push(`${pathname} ${key}`);
    if (key === null) {
      return new Response("{}", { status: 401 });
    }
    if (pathname.endsWith("/models")) {
      return Response.json({ data: [{ id: model }] });
    }
    return pathname === path && answer !== undefined
      ? Response.json(answer)
      : new Response("{}", { status: 500 });
  }, certificate);
  const { url } = await mappingProxy(port);
  return { asked, env: { HTTPS_PROXY: url, QWEN_CA_CERT: certificate.file } };
}

describe("qwen auth status --verify", () => {
  test.each(ROWS)("of $host tells what is left, or where (%#)", async (row) => {
    const { env, asked } = await service(row);
    const at = machine();
    const [provider = "", ...more] = row.provider;
    const login = ["auth", "api-key", "--provider", provider, ...more, "--key-stdin"];
    await qwen(at, [...login, "--account", "work"], { stdin: WORK });
    expect((await qwen(at, login, { stdin: KEY })).exitCode).toBe(0);
    const status = ["auth", "status", "--verify"];
    const json = await qwen(at, [...status, "--json"], { env });
    const { verified } = JSON.parse(json.stdout);
    const { left, consoleUrl, state } = verified;
    expect({ state, ...pick({ left, consoleUrl }) }).toEqual({ state: "ok", ...row.left });
    const [shown = ""] = Object.values(row.left);
    const ofWork = await qwen(at, [...status, "--account", "work"], { env });
    expect(ofWork).toMatchObject({ exitCode: 0 });
    expect(ofWork.stdout).toMatch(/^ *Left /m);
    expect(ofWork.stdout).toContain(shown);
    const used = asked.filter((each) => each.startsWith(row.path)).map((each) => each.slice(-8));
    expect(new Set(used)).toEqual(
      new Set(row.path === "/none" ? [] : [KEY.slice(-8), WORK.slice(-8)]),
    );
  });

  test("asks nobody where it is not told to", async () => {
    const { env, asked } = await service({ ...deepseek, answer: {}, left: {} });
    const at = machine();
    await qwen(at, ["auth", "deepseek", "--key-stdin"], { stdin: KEY });
    const plain = await qwen(at, ["auth", "status"], { env });
    expect([plain.exitCode, plain.stdout.includes("Left")]).toEqual([0, false]);
    expect(asked).toEqual([]);
  });
});

function pick(fields: Readonly<Record<string, string | undefined>>): object {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
