import { describe, expect } from "bun:test";
import { dirname } from "node:path";
import { brokerMachine, KEY } from "../../e2e/broker/broker-machine.ts";
import { toolService, WORD } from "../../e2e/broker/tool-service.ts";
import { testUnless } from "../../support/needs.ts";
import { qwenPty } from "../../support/pty.ts";
import type { Machine } from "../../support/qwen.ts";
import { installedTool, type ToolName } from "../../support/tool-release.ts";

type Tried = {
  readonly name: ToolName;
  readonly flags: (origin: string) => readonly string[];
  /** What the tool wants to have been told before, so that it asks nothing of its own. */
  readonly prepare: (set: Machine) => void;
  /** What shows that it listens. */
  readonly ready: RegExp;
};

const TOOLS: readonly Tried[] = [
  {
    name: "claude",
    flags: (origin) => ["--anthropic-base-url", origin],
    prepare: (set) => {
      set.write(".claude.json", {
        hasCompletedOnboarding: true,
        theme: "dark",
        projects: { [set.project]: { hasTrustDialogAccepted: true } },
      });
    },
    ready: /shortcuts|for agents|❯/,
  },
  {
    name: "codex",
    flags: () => [],
    prepare: (set) => {
      set.write(".codex/config.toml", `[projects."${set.project}"]\ntrust_level = "trusted"\n`);
    },
    ready: /›/,
  },
  { name: "Qwen Code", flags: () => [], prepare: () => undefined, ready: /Type your message/ },
];

describe("a real tool in a session", () => {
  for (const { name, flags, prepare, ready } of TOOLS) {
    const tool = installedTool(name);
    const reason = "reason" in tool ? tool.reason : undefined;
    const program = "program" in tool ? tool.program : "";
    testUnless(reason)(
      `${name} is asked on its own terminal, and answered through the broker`,
      async () => {
        const service = toolService();
        const set = brokerMachine(service.origin);
        prepare(set);
        const terminal = qwenPty(set, ["auth", "run", ...flags(service.origin), "--", program], {
          env: { PATH: `${dirname(program)}:${set.env.PATH}` },
          deadlineMs: 60_000,
        });
        await terminal.waitFor(ready);
        terminal.press("ping");
        await terminal.waitFor("ping");
        terminal.press("\r");
        await terminal.waitFor(WORD);
        expect(service.received.length).toBeGreaterThan(0);
        expect(service.received[0]?.headers.get("authorization")).toBe(`Bearer ${KEY}`);
        expect(terminal.text()).not.toContain("qwen-run-");
        // The window is closed: the tool hears of it, and nothing is left.
        terminal.hangUp();
        await terminal.exitCode();
      },
      120_000,
    );
  }
});
