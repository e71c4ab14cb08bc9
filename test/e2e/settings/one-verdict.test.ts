import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { OPENAI } from "../../support/model-answers.ts";
import { type Machine, machine, qwen, type Ran } from "../../support/qwen.ts";
import { scriptedServer, stream } from "../../support/scripted-server.ts";
import { BROKEN } from "./broken-set-ups.ts";
import { ODD } from "./odd-set-ups.ts";
import type { SetUp } from "./set-up.ts";

setDefaultTimeout(60_000);

/** What asks a model, hands out the key, or says whether that would work. */
const COMMANDS = {
  chat: ["-p", "hi"],
  chatJson: ["-p", "hi", "-o", "json"],
  status: ["auth", "status"],
  statusJson: ["auth", "status", "--json"],
  list: ["auth", "list"],
  listJson: ["auth", "list", "--json"],
  models: ["models"],
  modelsJson: ["models", "--json"],
  doctor: ["doctor"],
  doctorJson: ["doctor", "--json"],
  token: ["auth", "token"],
  env: ["auth", "env"],
  run: ["auth", "run", "--", "true"],
} as const;

/** What would ask the service, or wait for clients, if anything could. */
const ASKING = {
  verify: ["auth", "status", "--verify"],
  verifyJson: ["auth", "status", "--verify", "--json"],
  remote: ["models", "--remote"],
  serve: ["auth", "serve"],
} as const;

describe("every command has the same verdict on", () => {
  const setUps = [...BROKEN, ...ODD].map((setUp) => [setUp.name, setUp] as const);
  test.each(setUps)("%s", async (_name, setUp) => {
    const server = await scriptedServer(stream([OPENAI.text("pong"), OPENAI.finish]));
    const at = fill(setUp, server.origin);
    const ran = await runAll(at, COMMANDS, setUp);
    const isAsked = setUp.exitCode === 0;
    const says = new RegExp(setUp.says);
    const verdict = isAsked
      ? { answer: "pong\n", doctor: 0, connection: "ok", questions: 2, lent: /^/ }
      : { answer: "", doctor: 1, connection: "failed", questions: 0, lent: says };

    expectAnswers([ran.chat, ran.chatJson, ran.status, ran.statusJson], setUp.exitCode, says);
    expect(ran.chat.stdout).toBe(verdict.answer);
    expect(loggedIn(ran.statusJson)).toBe(setUp.exitCode === 3 ? undefined : isAsked);

    const { list, listJson, models, modelsJson } = ran;
    expectAnswers([list, listJson, models, modelsJson], 0, says);
    const problems = [listJson, modelsJson].map(({ stdout }) => JSON.parse(stdout).problem);
    expect(problems.map((problem) => problem === undefined)).toEqual([isAsked, isAsked]);

    expectAnswers([ran.doctor, ran.doctorJson], verdict.doctor, says);
    expect(connectionCheck(ran.doctorJson)).toBe(verdict.connection);

    // A private server may do without a key, of which there is none to hand out then.
    const isKeyless = isAsked && ran.status.stdout.includes("is not set");
    const lent = [ran.token, ran.env, ran.run];
    expectAnswers(lent, isKeyless ? 4 : setUp.exitCode, verdict.lent);
    expect(server.requests.length).toBe(verdict.questions);
    if (!isAsked) {
      const asking = await runAll(at, ASKING, setUp);
      expectAnswers(Object.values(asking), setUp.exitCode, says);
      expect(server.requests.length).toBe(0);
    }
  });
});

function expectAnswers(ran: readonly Ran[], exitCode: number, says: RegExp): void {
  expect(ran.map((each) => each.exitCode)).toEqual(ran.map(() => exitCode));
  for (const { stdout, stderr } of ran) {
    // JSON has the names of fields in it, too: what is said is compared without its quotes.
    expect(`${stdout}${stderr}`.replaceAll('\\"', '"')).toMatch(says);
  }
}

/** `status --json` prints its object with 0 and 4, and an error with 3. */
function loggedIn({ stdout }: Ran): boolean | undefined {
  return JSON.parse(stdout).loggedIn;
}

function connectionCheck({ stdout }: Ran): string | undefined {
  const checks: readonly Check[] = JSON.parse(stdout).checks;
  return checks.find(({ id }) => id === "connection")?.status;
}

type Check = { readonly id: string; readonly status: string };

async function runAll<Name extends string>(
  at: Machine,
  commands: Readonly<Record<Name, readonly string[]>>,
  { env = {} }: SetUp,
): Promise<Record<Name, Ran>> {
  const ran = Object.entries<readonly string[]>(commands).map(
    async ([name, command]) => [name, await qwen(at, command, { env: { ...env } })] as const,
  );
  // The names are those of `commands`.
  return Object.fromEntries(await Promise.all(ran)) as Record<Name, Ran>;
}

function fill({ user = {}, project, files = {} }: SetUp, origin: string): Machine {
  const at = machine();
  const text = (settings: object): string => JSON.stringify(settings).replaceAll("SERVER", origin);
  at.write(".qwen/settings.json", text(user));
  if (project !== undefined) {
    at.write("p/.qwen/settings.json", text(project));
  }
  for (const [path, content] of Object.entries(files)) {
    at.write(path, content);
  }
  return at;
}
