import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { percentile } from "./measure.ts";
import { QWEN } from "./place.ts";

/**
 * The broker against the same service without it (`spec/broker.md`): delay of single events,
 * throughput and memory of a long answer, streams side by side, and the start of a tool.
 * `bun bench/broker.ts [runs] [megabytes]`; needs `dist/qwen` and a Linux for the memory.
 */
const RUNS = Number(process.argv[2] ?? 30);
const MEGABYTES = Number(process.argv[3] ?? 200);
const EVENTS = 200;
const EVENT_GAP_MS = 5;
/** Side by side as fast as models speak: more events would measure client and service alone. */
const MANY_GAP_MS = 50;
const STREAMS = 50;
const home = mkdtempSync(join(process.platform === "linux" ? "/dev/shm" : tmpdir(), "qwen-bench-"));

const PIECE = new Uint8Array(64 * 1024).fill(0x78);

/** Events that carry the time at which they were sent, or bytes as fast as they are taken. */
const service = Bun.serve({
  port: 0,
  hostname: "127.0.0.1",
  idleTimeout: 0,
  fetch: async (request) => {
    const { kind = "" }: { readonly kind?: string } = JSON.parse(await request.text());
    const gap = kind === "many" ? MANY_GAP_MS : EVENT_GAP_MS;
    return new Response(kind === "bulk" ? bulk() : events(gap), {
      headers: { "content-type": kind === "bulk" ? "text/plain" : "text/event-stream" },
    });
  },
});

function bulk(): ReadableStream<Uint8Array> {
  let left = (MEGABYTES * 1024 * 1024) / PIECE.length;
  return new ReadableStream({
    pull: (controller) => {
      left -= 1;
      controller.enqueue(PIECE.slice());
      if (left <= 0) {
        controller.close();
      }
    },
  });
}

function events(gap: number): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  return new ReadableStream({
    async start(controller) {
      // Streams that begin together would all speak in the same instant, and wait in line for it.
      await Bun.sleep(Math.random() * gap);
      for (let index = 0; index < EVENTS; index += 1) {
        controller.enqueue(encoder.encode(`data: ${now()}\n\n`));
        await Bun.sleep(gap);
      }
      controller.close();
    },
  });
}

/** Milliseconds on a clock that both ends share. */
function now(): number {
  return performance.timeOrigin + performance.now();
}

mkdirSync(join(home, ".qwen"), { mode: 0o700 });
writeFileSync(
  join(home, ".qwen", "settings.json"),
  JSON.stringify({
    modelProviders: {
      openai: [{ id: "m", baseUrl: `http://127.0.0.1:${service.port}/v1`, envKey: "BENCH_KEY" }],
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

const WAYS = {
  direct: `http://127.0.0.1:${service.port}/v1/chat/completions`,
  broker: `${url}/openai/v1/chat/completions`,
} as const;

type Way = keyof typeof WAYS;

function ask(way: Way, kind: string): Promise<Response> {
  return fetch(WAYS[way], {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify({ model: "m", kind }),
  });
}

/** Milliseconds of each event on its way. */
async function delays(way: Way, kind = "events"): Promise<number[]> {
  const found: number[] = [];
  const decoder = new TextDecoder();
  for await (const bytes of (await ask(way, kind)).body ?? []) {
    const at = now();
    for (const [, sent] of decoder.decode(bytes).matchAll(/data: ([\d.]+)/g)) {
      found.push(at - Number(sent));
    }
  }
  return found;
}

async function manyDelays(way: Way): Promise<number[]> {
  const streams = Array.from({ length: STREAMS }, () => delays(way, "many"));
  return (await Promise.all(streams)).flat();
}

/** Milliseconds of processor time that the broker has taken. */
function processorTime(): number {
  const fields = readFileSync(`/proc/${broker.pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

/** Megabytes a second. */
async function throughput(way: Way): Promise<number> {
  const startedAt = performance.now();
  for await (const _ of (await ask(way, "bulk")).body ?? []) {
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

function row(name: string, values: Readonly<Record<Way, number>>, budget: string) {
  const { direct, broker: through } = values;
  return { case: name, direct: direct.toFixed(2), broker: through.toFixed(2), budget };
}

const alone = { direct: await delays("direct"), broker: await delays("broker") };
const manyAt = processorTime();
const many = {
  direct: await manyDelays("direct"),
  broker: await manyDelays("broker"),
};
const manyCost = ((processorTime() - manyAt) * 1000) / many.broker.length;
const at = (all: typeof alone, share: number) => ({
  direct: percentile(all.direct, share),
  broker: percentile(all.broker, share),
});
const speed = { direct: await throughput("direct"), broker: await throughput("broker") };
const start = {
  direct: await medianOf([QWEN, "--version"]),
  broker: await medianOf([QWEN, "auth", "run", "--", "true"]),
};
console.table([
  row("one event, median, ms", at(alone, 0.5), ""),
  row("one event, 99th percentile, ms", at(alone, 0.99), "1 more than direct"),
  row(
    `one event of ${STREAMS} streams, 99th percentile, ms`,
    at(many, 0.99),
    "none waits for another",
  ),
  { case: "processor time of one of them, µs", broker: manyCost.toFixed(0) },
  row(`${MEGABYTES} MB down, MB/s`, speed, "60 % of direct"),
  { case: "memory of the broker, MiB", broker: memory().toFixed(0), budget: "70" },
  row("`auth run -- true` beside `--version`, ms", start, "4 × the floor"),
]);
broker.kill();
await broker.exited;
await service.stop(true);
rmSync(home, { recursive: true, force: true });
