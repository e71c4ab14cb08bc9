import { describe, expect, test } from "bun:test";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { readOptions } from "../../build/options.ts";
import { ROOT } from "../../build/project.ts";
import { testUnless } from "../support/needs.ts";
import { machine, QWEN, qwen } from "../support/qwen.ts";

const ENGLISH = ["README.md", ...pagesIn("docs")];
/** Guides in Chinese, each beside the English one of the same name. */
const CHINESE = pagesIn("docs/zh-CN");
const PAGES = [...ENGLISH, "README.zh-CN.md", ...CHINESE];
const noBinary = existsSync(QWEN) ? undefined : "dist/qwen is missing: run `bun run build` first";

function pagesIn(folder: string): string[] {
  const names = readdirSync(join(ROOT, folder)).filter((name) => name.endsWith(".md"));
  return names.map((name) => `${folder}/${name}`);
}

function read(page: string): string {
  return readFileSync(join(ROOT, page), "utf8");
}

/** What a heading is called in links. */
function slugOf(heading: string): string {
  return heading
    .replace(/^#+ /, "")
    .toLowerCase()
    .replace(/[^\w\s-]/g, "")
    .replaceAll(" ", "-");
}

/** The examples of a page in one language, with continued lines joined. */
function examples(page: string, language: string): string[] {
  const blocks = read(page).matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm);
  return [...blocks]
    .filter(([, name]) => name === language)
    .map(([, , text = ""]) => text.replaceAll("\\\n", " "));
}

/** All examples of a page, without what the shell calls a comment. */
function blocks(page: string): string[] {
  const texts = read(page).match(/^```\w+\n[\s\S]*?^```$/gm) ?? [];
  return texts.map((text) => text.replaceAll(/ +# .*/g, ""));
}

/** The lines of all examples that may call a program, without what the shell calls a comment. */
function commands(page: string): string[] {
  const texts = ["sh", "yaml", "dockerfile"].flatMap((language) => examples(page, language));
  return texts.flatMap((text) => text.split("\n")).map((line) => line.replace(/ # .*/, ""));
}

/** The flags of a question and of the commands that the pages call. */
async function knownFlags(): Promise<ReadonlySet<string>> {
  const pages = [
    "",
    "-p x",
    "auth coding-plan",
    "auth api-key",
    "auth status",
    "auth list",
    "auth run",
    "auth serve",
    "auth export",
    "auth import",
    "models",
    "doctor",
    "trust",
    "upgrade",
    "version",
  ];
  const place = machine();
  const shown = await Promise.all(
    pages.map((words) =>
      qwen(
        place,
        [...words.split(" "), "--help"].filter((word) => word !== ""),
      ),
    ),
  );
  const flags = shown.flatMap(({ stdout }) => stdout.match(/(?<=\s)--[a-z-]+/g) ?? []);
  return new Set(flags);
}

test("README.md is short, and leads to the index of docs, which leads to every page", () => {
  expect(read("README.md").split(/\s+/).length).toBeLessThan(1200);
  expect(read("README.md")).toContain("(docs/README.md)");
  for (const page of ENGLISH.filter((each) => /^docs\/(?!README)/.test(each))) {
    expect(read("docs/README.md")).toContain(`(${page.slice("docs/".length)})`);
  }
});

/** What somebody who has not read it takes for a fault of the release, or does wrong. */
describe("the guides say", () => {
  const [, gh = "none"] =
    /--verify-attestation needs gh ([\d.]+) or newer/.exec(read("install.sh")) ?? [];

  test.each([
    ["which gh can verify, as install.sh does", "releases", `\`gh\` (${gh} or newer`],
    ["which gh can verify", "air-gapped", `\`gh\` (${gh} or newer)`],
    ["that nothing may strip the program", "releases", "Never run `strip` on a binary"],
    ["who strips unasked", "releases", "(as `dh_strip` and `brp-strip` do by themselves)"],
    ["why what is in a .zip is so old", "releases", "every file in a `.zip` is 1980"],
    [
      "what sources without git need",
      "releases",
      "set `QWEN_COMMIT` and `SOURCE_DATE_EPOCH` to `commit` and `source_date_epoch`",
    ],
    ["where Bun itself is", "air-gapped", "`package/bin/bun` of it goes on PATH"],
    ["where Bun keeps packages", "air-gapped", "(`bun pm cache` prints where)"],
    ["which packages to carry", "air-gapped", "with the development packages, which the checks"],
  ])("%s: docs/%s.md", (_what, page, words) => {
    expect(read(`docs/${page}.md`)).toContain(words);
  });
});

describe.each(CHINESE)("%s", (page) => {
  const english = page.replace("zh-CN/", "");

  test("is led to from the Chinese README, and leads to the English page", () => {
    expect(read("README.zh-CN.md")).toContain(`(${page})`);
    expect(read(page)).toContain(`[English](../${basename(english)})`);
  });

  test("has the headings, rows and examples of the English page", () => {
    const shape = (text: string): string[] => {
      const lines = text.replaceAll(/ # .*| {2,}# .*/g, "").match(/^(?:#+ |\||- )/gm);
      return lines ?? [];
    };
    expect(shape(read(page))).toEqual(shape(read(english)));
    expect(blocks(page)).toEqual(blocks(english));
  });

  test("names the same flags, variables, files and codes", () => {
    const names = (text: string): string[] =>
      [...new Set(text.match(/`[^`\n]+`/g))]
        .filter((name) => !name.includes("qwen auth export"))
        .sort();
    expect(names(read(page))).toEqual(names(read(english)));
  });
});

describe.each(PAGES)("%s", (page) => {
  test("leads nowhere that does not exist", () => {
    const links = [...read(page).matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, to = ""]) => to);
    expect(links.filter((to) => !existsSync(join(ROOT, dirname(page), to)))).toEqual([]);
  });

  test("leads to headings that are there", () => {
    const links = [...read(page).matchAll(/\]\((?!https?:)([^)#]*)#([^)]+)\)/g)];
    const missing = links.filter(([, to = "", heading = ""]) => {
      const path = to === "" ? page : join(dirname(page), to);
      const headings = read(path).match(/^#+ .*$/gm) ?? [];
      return !headings.some((each) => slugOf(each) === heading);
    });
    expect(missing.map(([link]) => link)).toEqual([]);
  });

  test("has examples that sh can read", () => {
    const said = examples(page, "sh").map((script) =>
      Bun.spawnSync(["sh", "-n"], { stdin: Buffer.from(script) }).stderr.toString(),
    );
    expect(said.filter((stderr) => stderr !== "")).toEqual([]);
  });

  testUnless(noBinary)("calls qwen with flags that it has", async () => {
    const known = await knownFlags();
    const unknown = commands(page).flatMap((line) => {
      const [, ...calls] = line.split(/(?<=^|[^\w/.-])qwen (?=[a-z"-])/);
      const flags = calls.join(" ").match(/(?<=\s|^)--[a-z-]+/g) ?? [];
      return flags.filter((flag) => !known.has(flag)).map((flag) => ({ line, flag }));
    });
    expect(unknown).toEqual([]);
  });

  test("calls build.ts with options that it takes", () => {
    const lines = [...commands(page), ...(read(page).match(/`bun build\.ts[^`]*`/g) ?? [])];
    const calls = lines.map((line) => /build\.ts ([^`]+)/.exec(line)?.[1]?.trim().split(" ") ?? []);
    expect(() => calls.map(readOptions)).not.toThrow();
  });
});
