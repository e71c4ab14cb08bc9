import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fetchStream } from "../src/http/fetch-stream.ts";
import { streamChat } from "../src/protocols/stream-chat.ts";
import { percentile } from "./measure.ts";
import { QWEN } from "./place.ts";

/**
 * Streaming against a loopback server (`spec/performance.md`): time to the first byte beyond
 * `curl -N`, throughput against reading and parsing alone, a long conversation, memory, delay of
 * single events.
 * `bun bench/stream.ts [runs] [megabytes]`; needs `dist/qwen` and curl.
 */
const RUNS = Number(process.argv[2] ?? 40);
const MEGABYTES = Number(process.argv[3] ?? 200);
const EVENTS = 500;
const home = mkdtempSync(join(process.platform === "linux" ? "/dev/shm" : tmpdir(), "qwen-bench-"));

const server = Bun.spawn([process.execPath, join(import.meta.dir, "stream-server.ts")], {
  stdout: "pipe",
});
const { value } = await server.stdout.getReader().read();
const origin = `http://127.0.0.1:${new TextDecoder().decode(value).trim()}`;

/** The key is in the environment, as in scripts; one in an argument costs a second start. */
const ENV = { HOME: home, PATH: process.env.PATH ?? "", OPENAI_API_KEY: "sk-bench-0123456789" };

function qwenArgs(path: string): string[] {
  return [QWEN, "-p", "hi", "-m", "bench", "--openai-base-url", `${origin}/${path}`];
}

function curlArgs(path: string): string[] {
  return ["curl", "-sN", `${origin}/${path}/chat/completions`, "-d", '{"stream":true}'];
}

function start(argv: string[]) {
  return Bun.spawn(argv, { cwd: home, env: ENV, stdio: ["ignore", "pipe", "ignore"] });
}

/** Milliseconds from the start of a process to its first byte on stdout. */
async function firstByte(argv: string[]): Promise<number> {
  const startedAt = Bun.nanoseconds();
  const child = start(argv);
  const reader = child.stdout.getReader();
  await reader.read();
  const milliseconds = (Bun.nanoseconds() - startedAt) / 1e6;
  reader.releaseLock();
  await child.exited;
  return milliseconds;
}

async function measureFirstByte() {
  const pairs: { curl: number; qwen: number }[] = [];
  for (let index = -2; index < RUNS; index += 1) {
    const pair = {
      curl: await firstByte(curlArgs("short")),
      qwen: await firstByte(qwenArgs("short")),
    };
    if (index >= 0) {
      pairs.push(pair);
    }
  }
  const extra = pairs.map(({ curl, qwen }) => qwen - curl);
  return {
    case: "first byte beyond curl -N, ms",
    baseline: percentile(
      pairs.map(({ curl }) => curl),
      0.5,
    ).toFixed(1),
    qwen: percentile(
      pairs.map(({ qwen }) => qwen),
      0.5,
    ).toFixed(1),
    result: percentile(extra, 0.5).toFixed(1),
    budget: "≤ 25",
    n: RUNS,
  };
}

/** Reads a stream, cuts it into events and parses each: what nobody can do without. */
async function readAlone(): Promise<number> {
  const response = await fetch(`${origin}/long/${MEGABYTES}/chat/completions`, {
    method: "POST",
    body: "{}",
  });
  const decoder = new TextDecoder();
  let rest = "";
  let length = 0;
  for await (const bytes of response.body ?? []) {
    const lines = (rest + decoder.decode(bytes, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) {
      if (line.startsWith("data: {")) {
        length += JSON.parse(line.slice(6)).choices[0].delta.content.length;
      }
    }
  }
  return length;
}

type Turns = Parameters<typeof streamChat>[2]["messages"];

async function readAsChat(
  path = `long/${MEGABYTES}`,
  messages: Turns = [{ role: "user", text: "hi" }],
): Promise<number> {
  const http = {
    fetch: fetchStream,
    sleep: Bun.sleep,
    now: Date.now,
    random: Math.random,
    userAgent: "bench",
    network: { proxyFor: () => undefined, authorities: undefined },
  };
  const endpoint = {
    protocol: "openai",
    baseUrl: `${origin}/${path}`,
    credential: undefined,
    customHeaders: {},
  } as const;
  const request = { model: "bench", messages };
  const limits = { timeoutMs: 0, idleTimeoutMs: 0, maxRetries: 0 };
  let length = 0;
  for await (const events of streamChat(http, endpoint, request, limits)) {
    for (const event of events) {
      length += event.kind === "text-delta" ? event.text.length : 0;
    }
  }
  return length;
}

async function megabytesPerSecond(work: () => Promise<number>): Promise<number> {
  const startedAt = Bun.nanoseconds();
  await work();
  return MEGABYTES / ((Bun.nanoseconds() - startedAt) / 1e9);
}

async function measureThroughput() {
  const pairs: { alone: number; chat: number }[] = [];
  for (let index = -1; index < 5; index += 1) {
    const pair = {
      alone: await megabytesPerSecond(readAlone),
      chat: await megabytesPerSecond(readAsChat),
    };
    if (index >= 0) {
      pairs.push(pair);
    }
  }
  const shares = pairs.map(({ alone, chat }) => (chat / alone) * 100);
  return {
    case: `${MEGABYTES} MB of chunks, MB/s, % of read + JSON.parse`,
    baseline: percentile(
      pairs.map(({ alone }) => alone),
      0.5,
    ).toFixed(0),
    qwen: percentile(
      pairs.map(({ chat }) => chat),
      0.5,
    ).toFixed(0),
    result: `${percentile(shares, 0.5).toFixed(0)} %`,
    budget: "≥ 60 %",
    n: 5,
  };
}

/** The next message of a conversation of 2,000 turns, a megabyte and a half that is sent again. */
async function measureConversation() {
  const text = "The quick brown fox jumps over the lazy dog. ".repeat(8);
  const messages: Turns = Array.from({ length: 4001 }, (_, index) => ({
    role: index % 2 === 0 ? "user" : "assistant",
    text,
  }));
  const sendAlone = async (): Promise<void> => {
    const body = JSON.stringify({
      messages: messages.map(({ role }) => ({ role, content: text })),
    });
    const path = `${origin}/short/chat/completions`;
    await (await fetch(path, { method: "POST", body })).text();
  };
  const milliseconds = async (work: () => Promise<unknown>): Promise<number> => {
    const startedAt = Bun.nanoseconds();
    await work();
    return (Bun.nanoseconds() - startedAt) / 1e6;
  };
  const pairs: { alone: number; chat: number }[] = [];
  for (let index = -2; index < RUNS; index += 1) {
    const pair = {
      alone: await milliseconds(sendAlone),
      chat: await milliseconds(() => readAsChat("short", messages)),
    };
    if (index >= 0) {
      pairs.push(pair);
    }
  }
  const middle = (values: number[]): string => percentile(values, 0.5).toFixed(1);
  return {
    case: "a message after 2,000 turns, ms beyond sending it alone",
    baseline: middle(pairs.map(({ alone }) => alone)),
    qwen: middle(pairs.map(({ chat }) => chat)),
    result: middle(pairs.map(({ alone, chat }) => chat - alone)),
    budget: "",
    n: RUNS,
  };
}

/** The whole binary: memory at its highest for a short and a long answer. */
async function measureMemory() {
  const peak = async (path: string): Promise<number> => {
    const child = Bun.spawn(qwenArgs(path), {
      cwd: home,
      env: ENV,
      stdio: ["ignore", "ignore", "ignore"],
    });
    await child.exited;
    return (child.resourceUsage()?.maxRSS ?? 0) / 1024 / 1024;
  };
  const [little, much] = [await peak("long/20"), await peak(`long/${MEGABYTES}`)];
  return {
    case: `peak memory, 20 MB and ${MEGABYTES} MB, MiB`,
    baseline: little.toFixed(0),
    qwen: much.toFixed(0),
    result: `× ${(much / little).toFixed(2)}`,
    budget: "flat",
    n: 1,
  };
}

/** Milliseconds from sending an event to its arrival at whoever reads stdout. */
async function delays(argv: string[]): Promise<number[]> {
  const found: number[] = [];
  const decoder = new TextDecoder();
  for await (const bytes of start(argv).stdout) {
    const now = performance.timeOrigin + performance.now();
    for (const [sentAt] of decoder.decode(bytes).matchAll(/\d{13}\.\d+/g)) {
      found.push(now - Number(sentAt));
    }
  }
  return found;
}

/** Of one run the hundredth part is five events, which anything else on the machine may hold up. */
async function measureDelay() {
  const pairs: { curl: number; qwen: number }[] = [];
  for (let index = 0; index < Math.min(RUNS, 10); index += 1) {
    pairs.push({
      curl: percentile(await delays(curlArgs(`slow/${EVENTS}`)), 0.99),
      qwen: percentile(await delays(qwenArgs(`slow/${EVENTS}`)), 0.99),
    });
  }
  const middle = (values: number[]): string => percentile(values, 0.5).toFixed(2);
  return {
    case: "delay of an event beyond curl -N, p99, ms",
    baseline: middle(pairs.map(({ curl }) => curl)),
    qwen: middle(pairs.map(({ qwen }) => qwen)),
    result: middle(pairs.map(({ curl, qwen }) => qwen - curl)),
    budget: "≤ 1",
    n: pairs.length,
  };
}

/** Milliseconds of processor time that a megabyte of Markdown takes on a terminal, and raw there. */
async function measureRendering() {
  const milliseconds = async (...flags: string[]): Promise<number> => {
    const child = Bun.spawn([...qwenArgs("markdown/1"), "--quiet", ...flags], {
      cwd: home,
      env: { ...ENV, TERM: "xterm-256color" },
      terminal: { cols: 100, rows: 30, data: () => undefined },
    });
    await child.exited;
    return Number(child.resourceUsage()?.cpuTime.total ?? 0) / 1000;
  };
  const pairs: { raw: number; rendered: number }[] = [];
  for (let index = -1; index < Math.min(RUNS, 10); index += 1) {
    const pair = { raw: await milliseconds("--raw"), rendered: await milliseconds() };
    if (index >= 0) {
      pairs.push(pair);
    }
  }
  const middle = (values: number[]): string => percentile(values, 0.5).toFixed(0);
  return {
    case: "1 MB of Markdown on a terminal, ms of CPU beyond printing it raw",
    baseline: middle(pairs.map(({ raw }) => raw)),
    qwen: middle(pairs.map(({ rendered }) => rendered)),
    result: middle(pairs.map(({ raw, rendered }) => rendered - raw)),
    budget: "≤ 300",
    n: pairs.length,
  };
}

try {
  const measures = [
    measureFirstByte,
    measureThroughput,
    measureConversation,
    measureMemory,
    measureDelay,
    measureRendering,
  ];
  const rows = [];
  for (const measure of measures) {
    rows.push(await measure());
  }
  console.table(rows);
} finally {
  server.kill();
  rmSync(home, { recursive: true, force: true });
}
