import { version } from "../package.json";
import { createOutput } from "./cli/create-output.ts";
import { dispatch } from "./cli/dispatch.ts";
import { openWords, type Words } from "./cli/open-words.ts";
import { readArguments } from "./cli/read-arguments.ts";
import { hideArguments, takeArguments } from "./cli/take-arguments.ts";
import { childEnvironment } from "./lib/child-environment.ts";
import { openBrowser } from "./lib/open-browser.ts";
import { processesOf } from "./lib/processes.ts";
import { createHomeShortener } from "./lib/shorten-home.ts";
import { standardInput } from "./lib/standard-input.ts";
import type { BuildStamp, Env, Prompter, Runtime, Terminal } from "./runtime.ts";
import { keyArguments } from "./secrets/key-arguments.ts";
import { createRedactor } from "./secrets/redact.ts";
import { sizeOf } from "./terminal/terminal-size.ts";
import { terminalsOf } from "./terminal/tty.ts";

/**
 * The only file, but for `main.ts`, that touches the process: builds the real `Runtime` and runs
 * the command line. Nothing here may load what the hot path does not need.
 */
const redactor = createRedactor();
const terminals = terminalsOf(process);

/** `build.ts` puts it in place; whoever runs the sources has none. */
declare const QWEN_BUILD: BuildStamp | undefined;

/** Loads clack at the first question; a signal during one leaves the terminal as it was. */
const prompter: Prompter = {
  select: async (question) => (await openPrompter()).select(question),
  search: async (question) => (await openPrompter()).search(question),
  pick: async (question) => (await openPrompter()).pick(question),
  searchMany: async (question) => (await openPrompter()).searchMany(question),
  text: async (question) => (await openPrompter()).text(question),
  password: async (question) => (await openPrompter()).password(question),
  confirm: async (question) => (await openPrompter()).confirm(question),
};

/** Loads the reader of keys when a session begins. */
const terminal: Terminal = {
  size: sizeOf(() => process.stdout),
  open: async (listener) => {
    const { openRawTerminal } = await import("./terminal/raw-terminal.ts");
    return openRawTerminal(process, listener);
  },
};

/** Made at the first question and kept: each one reads the terminal through a filter of its own. */
const opened: {
  prompter?: Promise<Prompter>;
  interrupt?: (() => void) | undefined;
  /** `--color never` */
  isColorless?: boolean;
  words?: Words;
  /** `--ascii` */
  isAscii?: boolean;
} = {};

function openPrompter(): Promise<Prompter> {
  opened.prompter ??= createPrompter();
  return opened.prompter;
}

async function createPrompter(): Promise<Prompter> {
  const { clackPrompter } = await import("./terminal/clack-prompter.ts");
  const translate = await opened.words?.();
  for (const [signal, number] of [
    ["SIGINT", 2],
    ["SIGTERM", 15],
    ["SIGHUP", 1],
  ] as const) {
    process.removeAllListeners(signal);
    process.on(signal, () => {
      if (signal === "SIGINT" && opened.interrupt !== undefined) {
        opened.interrupt();
        return;
      }
      try {
        process.stdin.setRawMode?.(false);
        process.stderr.write("\u001b[?2004l\u001b[?25h\n");
      } finally {
        // A terminal that is gone cannot be restored.
        process.exit(128 + number);
      }
    });
  }
  if (opened.isColorless) {
    // Clack asks the environment, not us.
    process.env.NO_COLOR = "1";
  }
  const look = { words: translate, isAscii: opened.isAscii };
  return clackPrompter({ input: process.stdin, output: process.stderr }, look);
}

const run: Runtime["run"] = async (argv, { cwd, timeoutMs }) => {
  try {
    const child = Bun.spawn([...argv], {
      cwd,
      env: childEnvironment(process.env, { session: false }),
      stdio: ["ignore", "ignore", "ignore"],
      timeout: timeoutMs,
    });
    const exitCode = await child.exited;
    return { exitCode: child.signalCode === null ? exitCode : undefined };
  } catch {
    return { exitCode: undefined };
  }
};

const capture: Runtime["capture"] = async (argv, options) => {
  const { captureProgram } = await import("./lib/capture-program.ts");
  const env = childEnvironment(process.env, { session: true });
  return captureProgram({ env, kill: process.kill }, argv, options);
};

/** `Bun.secrets` loads the system's library at the first call. */
const keyring: Runtime["keyring"] = {
  get: async (item) => (await Bun.secrets.get(item)) ?? undefined,
  set: (item, value) => Bun.secrets.set({ ...item, value }),
  delete: (item) => Bun.secrets.delete(item),
};

/** What Bun would take a proxy from on its own; which one is used is decided in one place. */
const PROXY_VARIABLES = ["HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "NO_PROXY"]
  .map((name) => [name, name.toLowerCase()])
  .flat();

/** The environment as it was found; from then on Bun knows no proxy of its own. */
function takeEnvironment(): Env {
  const env = { ...process.env };
  for (const name of PROXY_VARIABLES) {
    delete process.env[name];
  }
  return env;
}

/** The home of a user whom nobody knows, such as `--user 12345` of a container; Docker says so, too. */
const NO_HOME = "/";

/** Without `HOME` that of the passwd entry; a relative one is read from the working directory. */
async function homeDirectory(): Promise<string> {
  const { HOME, USERPROFILE } = process.env;
  const named = process.platform === "win32" ? USERPROFILE : HOME;
  if (named) {
    return named.startsWith("/") ? named : (await import("node:path")).resolve(named);
  }
  try {
    return (await import("node:os")).userInfo().homedir || NO_HOME;
  } catch {
    return NO_HOME;
  }
}

/** Runs the command line and returns the exit code. */
export async function start(): Promise<number> {
  const isCompiled = typeof QWEN_BUILD !== "undefined";
  const taken = await takeArguments(process);
  const given = await readArguments(taken.argv);
  const { keys, suspects, masked } = keyArguments(taken.argv, given.secrets);
  await hideArguments(process, taken, { masked, isCompiled });
  keys.forEach(redactor.add);
  suspects.forEach(redactor.suspect);
  const home = await homeDirectory();
  const env = takeEnvironment();
  const place = { env, cwd: process.cwd(), home, platform: process.platform };
  const data = new Set<string>();
  const shortener = createHomeShortener(home);
  const words = openWords(given, { ...place, uid: process.geteuid?.() }, (text) => data.has(text));
  opened.words = words;
  const isAscii = given.values.ascii === true;
  const look = { redactor, terminals, shorten: shortener.shorten, words, isAscii };
  opened.isAscii = isAscii;
  const stderr = createOutput({ file: Bun.stderr, descriptor: 2 }, look);
  opened.isColorless = given.values.color === "never";
  const isTraced = given.values.debug === true;
  const traced = isTraced
    ? (await import("./cli/trace-to.ts")).traceTo(stderr, Date.now)
    : undefined;
  const atEnd: Runtime["atEnd"] = new Map();
  const runtime: Runtime = {
    ...place,
    arch: process.arch,
    uid: process.geteuid?.(),
    version,
    build: typeof QWEN_BUILD === "undefined" ? undefined : QWEN_BUILD,
    stdin: standardInput(() => terminals.isTerminal(0)),
    stdout: createOutput({ file: Bun.stdout, descriptor: 1 }, look),
    stderr: traced?.stderr ?? stderr,
    prompter,
    terminal,
    onInterrupt: (action) => {
      opened.interrupt = action;
      return () => {
        opened.interrupt = undefined;
      };
    },
    addSecret: redactor.add,
    keepAsIs: (text) => {
      data.add(text);
      shortener.keepAsIs(text);
    },
    holdsSecret: (text) => redactor.hideSecrets(text) !== text,
    redact: redactor.redact,
    run,
    openBrowser: (url) => openBrowser(process, url),
    capture,
    processes: processesOf(process),
    keyring,
    heldKeys: new Map(),
    atEnd,
    sleep: (milliseconds) => Bun.sleep(milliseconds),
    fetch: async (url, options) => {
      if (options.isStream !== true) {
        return fetch(url, options);
      }
      const { fetchStream } = await import("./http/fetch-stream.ts");
      return fetchStream(url, options);
    },
    now: Date.now,
    random: Math.random,
    trace: traced?.trace,
  };
  const exitCode = await dispatch(runtime, given);
  for (const task of atEnd.values()) {
    const said = await task();
    await stderr.write(said === undefined ? "" : `warning: ${said}\n`);
  }
  await traced?.end();
  return exitCode;
}
