import { describe, expect, test } from "bun:test";
import { join } from "node:path";

const ROOT = join(import.meta.dir, "..", "..");

/** Runs a process that starts anew as a shell with this script, and then says what it still is. */
async function anew(
  script: string,
  { path = "/bin/sh", content = "a secret", arch = process.arch } = {},
) {
  const code = `
    const { startAnew } = await import(${JSON.stringify(join(ROOT, "src/lib/start-anew.ts"))});
    const { readdirSync } = await import("node:fs");
    const open = () => readdirSync("/proc/self/fd").length;
    const before = open();
    startAnew({
      path: ${JSON.stringify(path)},
      argv: ["shown name", "-c", ${JSON.stringify(script)}, "zero", "one"],
      arch: ${JSON.stringify(arch)},
      variable: "HANDED_ON",
      content: new TextEncoder().encode(${JSON.stringify(content)}),
    });
    console.log("still here", open() - before, process.env.HANDED_ON ?? "none");
  `;
  const child = Bun.spawn([process.execPath, "--no-env-file", "-e", code], {
    env: { PATH: "/usr/bin:/bin", MINE: "mine" },
    stdin: "ignore",
    stdout: "pipe",
    stderr: "inherit",
  });
  const text = await child.stdout.text();
  return { pid: child.pid, text: text.trimEnd(), code: await child.exited };
}

const onLinux = process.platform === "linux" ? describe : describe.skip;

onLinux("startAnew()", () => {
  test("becomes the program, with its words, environment and number", async () => {
    const { pid, text, code } = await anew('echo "$0 $1 $# $MINE $$"; exit 7');
    expect([text, code]).toEqual([`zero one 1 mine ${pid}`, 7]);
  });

  test("shows the name that it was given", async () => {
    const { text } = await anew("tr '\\0' '|' < /proc/$$/cmdline");
    expect(text).toStartWith("shown name|-c|");
  });

  test.each(["a secret", "", "ключ\n"])("hands %j on, to its end", async (content) => {
    const { text } = await anew('cat <&"$HANDED_ON"; echo "."', { content });
    expect(text).toBe(`${content}.`);
  });

  test("leaves all as it was where there is no such program", async () => {
    expect(await anew("", { path: "/none/here" })).toMatchObject({
      text: "still here 0 none",
      code: 0,
    });
  });
});
