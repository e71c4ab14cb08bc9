import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { percentile } from "./measure.ts";
import { QWEN } from "./place.ts";

/**
 * The broker against the same service without it, and against a proxy that does nothing but pass
 * (`spec/broker.md`): delay of single events, throughput and memory of a long answer, streams side by
 * side, and the start of a tool. Each end is a process of its own: ends that share one wait for each
 * other, and not for what lies between them.
 * `bun bench/broker.ts [runs] [megabytes]`; needs `dist/qwen` and a Linux for the memory.
 */
const RUNS = Number(process.argv[2] ?? 30);
const MEGABYTES = Number(process.argv[3] ?? 200);
/** Of each way; one after another, so that a busy machine meets all alike. */
const EVENTS = RUNS * 100;
/** Code that runs for the first time is not compiled. */
const WARM_UP = Math.min(500, EVENTS);
const STREAMS = 50;
const EVENTS_OF_MANY = Math.min(100, RUNS * 10);
const ROUNDS = Math.min(3, RUNS);
const home = mkdtempSync(join(process.platform === "linux" ? "/dev/shm" : tmpdir(), "qwen-bench-"));

type Running = { readonly url: string; readonly stop: () => Promise<void> };

/** A script beside this one that prints its port. */
async function start(script: string, ...args: readonly string[]): Promise<Running> {
  const child = Bun.spawn([process.execPath, join(import.meta.dir, script), ...args], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const { value } = await child.stdout.getReader().read();
  return {
    url: `http://127.0.0.1:${new TextDecoder().decode(value).trim()}/v1/chat/completions`,
    stop: async () => {
      child.kill();
      await child.exited;
    },
  };
}

const service = await start("broker-service.ts");
const bare = await start("bare-proxy.ts", service.url);

mkdirSync(join(home, ".qwen"), { mode: 0o700 });
writeFileSync(
  join(home, ".qwen", "settings.json"),
  JSON.stringify({
    modelProviders: {
      openai: [{ id: "m", baseUrl: new URL(".", service.url).href, envKey: "BENCH_KEY" }],
    },
    model: { name: "m" },
  }),
  { mode: 0o600 },
);
const ENV = { HOME: home, PATH: process.env.PATH ?? "", BENCH_KEY: "sk-bench-0123456789" };
const broker = Bun.spawn([QWEN, "auth", "serve", "--env-file", "run.env", "--json", "-q"], {
  cwd: home,
  env: ENV,
  stdio: ["ignore", "pipe", "inherit"],
});
const { url } = JSON.parse(
  new TextDecoder().decode((await broker.stdout.getReader().read()).value),
);
const token = /^AUTH_RUN_API_KEY=(.*)$/m.exec(readFileSync(join(home, "run.env"), "utf8"))?.[1];

const WAYS = ["direct", "bare", "broker"] as const;

type Way = (typeof WAYS)[number];
type Of<Value> = Readonly<Record<Way, Value>>;

const URLS: Of<string> = {
  direct: service.url,
  bare: bare.url,
  broker: `${url}/openai/v1/chat/completions`,
};

async function ask(way: Way, wanted: object): Promise<Response> {
  const response = await fetch(URLS[way], {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify({ model: "m", ...wanted }),
  });
  if (!response.ok) {
    throw new Error(`${way}: ${response.status} ${await response.text()}`);
  }
  return response;
}

/** Milliseconds of each event on its way. */
async function delays(way: Way, wanted: object): Promise<number[]> {
  const found: number[] = [];
  const decoder = new TextDecoder();
  for await (const bytes of (await ask(way, wanted)).body ?? []) {
    const at = performance.timeOrigin + performance.now();
    for (const [, sent] of decoder.decode(bytes).matchAll(/<([\d.]+)>/g)) {
      found.push(at - Number(sent));
    }
  }
  return found;
}

async function ofEach<Value>(measure: (way: Way) => Promise<Value>): Promise<Of<Value>> {
  const [direct, bare, broker] = await Promise.all(WAYS.map(measure));
  if (direct === undefined || bare === undefined || broker === undefined) {
    throw new Error("a way was not measured");
  }
  return { direct, bare, broker };
}

/** Each event by one way after another, while all three are open. */
function inTurn(events: number): Promise<Of<number[]>> {
  return ofEach((way) => delays(way, { kind: "turns", events, ways: WAYS.length }));
}

/** Many streams at once, by one way after another. */
async function manyDelays(): Promise<Of<number[]>> {
  const all: Of<number[]> = { direct: [], bare: [], broker: [] };
  const wanted = { kind: "many", events: EVENTS_OF_MANY };
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const way of WAYS) {
      const streams = Array.from({ length: STREAMS }, () => delays(way, wanted));
      all[way].push(...(await Promise.all(streams)).flat());
    }
  }
  return all;
}

/** Milliseconds of processor time that the broker has taken. */
function processorTime(): number {
  const fields = readFileSync(`/proc/${broker.pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

/** Megabytes a second. */
async function throughput(way: Way): Promise<number> {
  const startedAt = performance.now();
  const wanted = { kind: "bulk", megabytes: MEGABYTES };
  for await (const _ of (await ask(way, wanted)).body ?? []) {
    // As fast as they come.
  }
  return MEGABYTES / ((performance.now() - startedAt) / 1000);
}

/** The most memory that the broker has had, in MiB. */
function memory(): number {
  const status = readFileSync(`/proc/${broker.pid}/status`, "utf8");
  return Number(/^VmHWM:\s+(\d+)/m.exec(status)?.[1] ?? 0) / 1024;
}

/** Milliseconds of `argv` from start to end. */
async function duration(argv: readonly string[]): Promise<number> {
  const startedAt = Bun.nanoseconds();
  await Bun.spawn([...argv], { cwd: home, env: ENV, stdio: ["ignore", "ignore", "ignore"] }).exited;
  return (Bun.nanoseconds() - startedAt) / 1e6;
}

async function medianOf(argv: readonly string[]): Promise<number> {
  const all: number[] = [];
  for (let index = 0; index < RUNS; index += 1) {
    all.push(await duration(argv));
  }
  return percentile(all, 0.5);
}

function row(name: string, { direct, bare, broker }: Partial<Of<number>>, budget: string) {
  const shown = [direct, bare, broker].map((value) => value?.toFixed(2) ?? "");
  return { case: name, direct: shown[0], bare: shown[1], broker: shown[2], budget };
}

const at = (all: Of<number[]>, share: number): Of<number> => ({
  direct: percentile(all.direct, share),
  bare: percentile(all.bare, share),
  broker: percentile(all.broker, share),
});

/** What a way takes longer for the same event than the direct one; not what it takes longest for. */
function beyond({ direct, ...others }: Of<number[]>, share: number): Partial<Of<number>> {
  const of = (way: readonly number[]): number =>
    percentile(
      way.map((delay, index) => delay - (direct[index] ?? Number.NaN)),
      share,
    );
  return { bare: of(others.bare), broker: of(others.broker) };
}

await inTurn(WARM_UP);
const alone = await inTurn(EVENTS);
const manyAt = processorTime();
const many = await manyDelays();
const manyCost = ((processorTime() - manyAt) * 1000) / many.broker.length;
// One after another: three at once would measure the machine.
const speed = {
  direct: await throughput("direct"),
  bare: await throughput("bare"),
  broker: await throughput("broker"),
};
const startUp = {
  direct: await medianOf([QWEN, "--version"]),
  broker: await medianOf([QWEN, "auth", "run", "--", "true"]),
};
console.table([
  row(`one event of ${EVENTS}, median, ms`, at(alone, 0.5), ""),
  row("beyond direct, median of pairs, ms", beyond(alone, 0.5), ""),
  row("one event, 99th percentile, ms", at(alone, 0.99), "1 more than direct"),
  row(`one event of ${STREAMS} streams, median, ms`, at(many, 0.5), ""),
  row(
    `one event of ${STREAMS} streams, 99th percentile, ms`,
    at(many, 0.99),
    "none waits for another",
  ),
  row("processor time of one of them, µs", { broker: manyCost }, ""),
  row(`${MEGABYTES} MB down, MB/s`, speed, "60 % of direct"),
  row("memory of the broker, MiB", { broker: memory() }, "70"),
  row("`auth run -- true` beside `--version`, ms", startUp, "4 × the floor"),
]);
broker.kill();
await broker.exited;
await bare.stop();
await service.stop();
rmSync(home, { recursive: true, force: true });
