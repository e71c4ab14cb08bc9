import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { compare, median, type Program, peaks, spread, times } from "./measure.ts";
import { makePlace, manyModels, type Place, QWEN, settings } from "./place.ts";

/**
 * Costs that grow: `auth status` where there is much of something, against its usual time
 * (`spec/performance.md`). `bun bench/scale.ts [runs]`; needs `dist/qwen`.
 */
const RUNS = Number(process.argv[2] ?? 30);
const STATUS = [QWEN, "auth", "status", "--json"];

type Case = {
  readonly name: string;
  /** Makes a place what it is about, and says where in it the program runs. */
  readonly prepare: (place: Place) => string;
};

const CASES: readonly Case[] = [
  {
    name: "settings with 5,000 models",
    prepare: ({ home, project }) => {
      const text = JSON.stringify(settings(manyModels(5000)));
      writeFileSync(join(home, ".qwen", "settings.json"), text);
      return project;
    },
  },
  {
    name: "settings of 1 MB, with comments",
    prepare: ({ home, project }) => {
      const lines = Array.from(
        { length: 12_000 },
        (_, index) => `  // a comment, number ${index}, of the usual length and a bit more`,
      );
      const text = JSON.stringify(settings(manyModels(1))).replace("{", `{\n${lines.join("\n")}\n`);
      writeFileSync(join(home, ".qwen", "settings.json"), text);
      return project;
    },
  },
  {
    name: ".env 60 directories up",
    prepare: ({ project }) => {
      const deep = join(project, ...Array.from({ length: 60 }, (_, index) => `d${index}`));
      mkdirSync(deep, { recursive: true });
      return deep;
    },
  },
  {
    name: "100,000 files in the working directory",
    prepare: ({ project }) => {
      for (let index = 0; index < 100_000; index += 1) {
        writeFileSync(join(project, `f${index}`), "");
      }
      return project;
    },
  },
];

async function run({ name, prepare }: Case): Promise<object> {
  const [usual, grown] = [makePlace(), makePlace()];
  try {
    const program = ({ env }: Place, cwd: string): Program => ({ argv: STATUS, cwd, env });
    const cwd = prepare(grown);
    const { base, other, ratios } = await compare(
      program(usual, usual.project),
      program(grown, cwd),
      RUNS,
    );
    return {
      case: name,
      "ms (median)": median(times(other)).toFixed(2),
      "usual ms": median(times(base)).toFixed(2),
      "ratio (median)": median(ratios).toFixed(2),
      budget: 2,
      MiB: median(peaks(other)).toFixed(1),
      noise: spread(times(base)),
      n: RUNS,
    };
  } finally {
    usual.remove();
    grown.remove();
  }
}

const rows = [];
for (const each of CASES) {
  rows.push(await run(each));
}
console.table(rows);
