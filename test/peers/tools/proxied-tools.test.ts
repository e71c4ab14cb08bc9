import { describe, expect } from "bun:test";
import { dirname } from "node:path";
import { brokerMachine, KEY } from "../../e2e/broker/broker-machine.ts";
import { toolService, WORD } from "../../e2e/broker/tool-service.ts";
import { checkingProxy } from "../../support/checking-proxy.ts";
import { testUnless } from "../../support/needs.ts";
import { qwen } from "../../support/qwen.ts";
import { installedTool, type ToolName } from "../../support/tool-release.ts";

/** Of each way that tools are told of proxies one; older releases of Qwen Code know no `NO_PROXY`. */
const TOOLS: readonly (readonly [ToolName, readonly string[], readonly string[]])[] = [
  ["claude", ["-p", "say pong"], ["--anthropic-base-url"]],
  ["codex", ["exec", "--skip-git-repo-check", "say pong"], []],
  ["Qwen Code", ["-p", "say pong"], []],
];

const NAMES = ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy"];

describe("behind a proxy that wants a password", () => {
  for (const [name, argv, flags] of TOOLS) {
    const tool = installedTool(name);
    const program = "program" in tool ? tool.program : "";
    testUnless("reason" in tool ? tool.reason : undefined)(
      `${name} reaches the broker without it, and the broker the service through it`,
      async () => {
        const service = toolService();
        const { host, seen } = await checkingProxy("me:pw");
        const set = brokerMachine(service.origin);
        const proxies = Object.fromEntries(NAMES.map((proxy) => [proxy, `http://me:pw@${host}`]));
        const ran = await qwen(
          set,
          [
            "auth",
            "run",
            "--summary",
            ...flags.flatMap((flag) => [flag, service.origin]),
            "--",
            program,
            ...argv,
          ],
          { env: { ...proxies, PATH: `${dirname(program)}:${set.env.PATH}` } },
        );
        expect([ran.exitCode, ran.stdout.includes(WORD)]).toEqual([0, true]);
        expect(service.received.length).toBeGreaterThan(0);
        expect(
          service.received.every(({ headers }) => [...headers.values()].join().includes(KEY)),
        ).toBe(true);
        const served = new URL(service.origin).host;
        // What a tool asks of the rest of the world goes there as well, but nothing of this machine.
        expect(seen.filter((place) => place.startsWith("127.0.0.1:"))).toEqual(
          service.received.map(() => served),
        );
      },
      120_000,
    );
  }
});
