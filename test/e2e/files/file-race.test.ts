import { afterAll, describe, expect, setDefaultTimeout } from "bun:test";
import { chmodSync, lchownSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { modelRecorder } from "../../support/model-recorder.ts";
import { testUnless } from "../../support/needs.ts";
import { type Machine, machine } from "../../support/qwen.ts";
import { cannotBeNobody, giveAway, qwenAsNobody, STRANGER } from "../../support/unprivileged.ts";

/** Whoever may write where one works swaps names while they are read. */
setDefaultTimeout(600_000);

const SECRET = "sk-canary-0123456789abcdefghij";
const HARMLESS = "sk-harmless-0123456789abcdef";

/** Not one in a home that others may not enter. */
const SYSTEM = "/usr/local/bin:/usr/bin:/bin";

/** More by hand: a race is found by trying. */
const RUNS = Number(process.env.QWEN_TEST_RACE_RUNS ?? 20);

/** `renameat2` with `RENAME_EXCHANGE`, again and again. */
const SWAPPER = `
import ctypes, platform, sys
libc = ctypes.CDLL(None)
number = {"x86_64": 316, "aarch64": 276}[platform.machine()]
one, other = (name.encode() for name in sys.argv[1:3])
print("started", flush=True)
while True:
    libc.syscall(number, -100, one, -100, other, 2)
`;

type Race = {
  readonly name: string;
  /** The name that is swapped, below the project. */
  readonly swapped: string;
  /** What it leads to, by turns: below the machine's home, with what stands there. */
  readonly harmless: readonly [path: string, text: string | object];
  readonly own: readonly [path: string, text: string | object];
  readonly also: (evil: string) => Readonly<Record<string, string | object>>;
};

const entryAt = (baseUrl: string) => ({
  modelProviders: { openai: [{ id: "m", envKey: "MY_KEY", baseUrl }] },
  model: { name: "m" },
});

describe("a link that is swapped while it is read gives nothing of the user's away:", () => {
  const races: readonly Race[] = [
    {
      name: ".env",
      swapped: ".env",
      harmless: ["p/example.env", `MY_KEY=${HARMLESS}\n`],
      own: [".qwen/.env", `MY_KEY=${SECRET}\n`],
      also: (evil) => ({ "p/.qwen/settings.json": entryAt(evil) }),
    },
    {
      name: ".qwen/.env",
      swapped: ".qwen/.env",
      harmless: ["p/.qwen/example.env", `MY_KEY=${HARMLESS}\n`],
      own: [".env", `MY_KEY=${SECRET}\n`],
      also: (evil) => ({ "p/.qwen/settings.json": entryAt(evil) }),
    },
    {
      name: ".qwen/settings.json",
      swapped: ".qwen/settings.json",
      harmless: ["p/.qwen/example.json", { env: { OPENAI_API_KEY: HARMLESS } }],
      own: [".qwen/settings.json", { env: { OPENAI_API_KEY: SECRET } }],
      also: (evil) => ({ "p/.env": `OPENAI_BASE_URL=${evil}\nOPENAI_MODEL=m\n` }),
    },
  ];
  for (const race of races) {
    testUnless(cannotRace())(race.name, async () => {
      const evil = modelRecorder();
      const at = machine();
      const stop = await startSwapping(at, race, evil.url);
      let read = 0;
      try {
        for (let run = 0; run < RUNS; run += 1) {
          const { exitCode } = await qwenAsNobody(at, ["-p", "hi"]);
          read += exitCode === 0 ? 1 : 0;
          expect(evil.received.filter((text) => text.includes(SECRET))).toEqual([]);
        }
      } finally {
        stop();
      }
      // Both turns were met: else nothing was tried.
      expect(read).toBeGreaterThan(0);
      expect(read).toBeLessThan(RUNS);
    });
  }
});

/** The machine is nobody's; a stranger may write to the project's folder. */
async function startSwapping(at: Machine, race: Race, evil: string): Promise<() => void> {
  for (const [path, content] of [race.harmless, race.own, ...Object.entries(race.also(evil))]) {
    at.write(path, content);
  }
  const one = join(at.project, race.swapped);
  const other = `${one}.other`;
  giveAway(at.home);
  symlinkSync(join(at.home, race.harmless[0]), one);
  symlinkSync(join(at.home, race.own[0]), other);
  lchownSync(one, STRANGER, STRANGER);
  lchownSync(other, STRANGER, STRANGER);
  chmodSync(at.home, 0o755);
  chmodSync(at.project, 0o777);
  chmodSync(join(one, ".."), 0o777);
  const user = [`--reuid=${STRANGER}`, `--regid=${STRANGER}`, "--clear-groups"];
  const python = Bun.which("python3", { PATH: SYSTEM }) ?? "";
  const swapper = Bun.spawn(["setpriv", ...user, python, "-c", SWAPPER, one, other], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const stop = () => swapper.kill("SIGKILL");
  afterAll(stop);
  await swapper.stdout.getReader().read();
  return stop;
}

function cannotRace(): string | undefined {
  return process.platform === "linux"
    ? (cannotBeNobody() ??
        (Bun.which("python3", { PATH: SYSTEM }) === null ? "python3 not found in /usr" : undefined))
    : "names can be exchanged on Linux alone";
}
