import { describe, expect, test } from "bun:test";
import { chmodSync, chownSync, symlinkSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import type { Machine } from "../../support/qwen.ts";
import { look, MINE, openai, PROJECT, prepare, SECRET, status, USER } from "./trust-machine.ts";

describe("a project's file is passed over, and named, when it is", () => {
  type Spoil = {
    readonly name: string;
    readonly spoil: (path: string, place: Machine) => void;
    /** Both ends, where there are two. */
    readonly names: (path: string, place: Machine) => readonly string[];
    readonly onlyAsRoot?: true;
  };
  const spoils: readonly Spoil[] = [
    {
      name: "writable by others",
      spoil: (path) => chmodSync(path, 0o666),
      names: (path) => [path, "0666"],
    },
    {
      name: "another user's",
      spoil: (path) => chownSync(path, 65534, 65534),
      names: (path) => [path, "65534"],
      onlyAsRoot: true,
    },
    {
      name: "a link out of the project",
      spoil: (path, { home }) => linkTo(join(home, "outside"), path),
      names: (path, { home }) => [path, join(home, "outside")],
    },
    {
      name: "a link through a directory out of the project",
      spoil: (path, { home, project }) => {
        symlinkSync(home, join(project, "up"));
        linkTo(join(project, "up", "outside"), path);
      },
      names: (path, { home }) => [path, join(home, "outside")],
    },
  ];
  const files: readonly (readonly [path: string, content: string])[] = [
    [PROJECT, JSON.stringify({ env: { MY_KEY: "theirs" }, model: { name: "theirs" } })],
    ["p/.env", "MY_KEY=theirs\nOPENAI_MODEL=theirs\n"],
    ["p/.qwen/.env", "MY_KEY=theirs\nOPENAI_MODEL=theirs\n"],
  ];
  const isRoot = process.getuid?.() === 0;
  for (const { name, spoil, names, onlyAsRoot } of spoils) {
    for (const [file, content] of files) {
      test.skipIf(onlyAsRoot === true && !isRoot)(`${name}: ${file}`, async () => {
        const place = prepareOwn(content);
        spoil(place.write(file, content), place);

        const seen = await look(place, {});
        expect(seen).toMatchObject(OWN);
        expect(seen.warnings).toHaveLength(1);
        for (const part of names(join(place.home, file), place)) {
          expect(seen.warnings[0]).toContain(part);
        }
        const text = await status(place, {});
        expect(text.stdout).toContain(`/${file}`);
      });
    }
  }

  test("in a `.qwen` that is a link out of the project", async () => {
    const place = prepareOwn("");
    place.write("theirs/settings.json", files[0]?.[1] ?? "");
    place.write("theirs/.env", files[1]?.[1] ?? "");
    symlinkSync(join(place.home, "theirs"), join(place.project, ".qwen"));
    const seen = await look(place, {});
    expect(seen).toMatchObject(OWN);
    expect(seen.warnings).toHaveLength(2);
    for (const file of ["settings.json", ".env"]) {
      expect(seen.warnings.join("\n")).toContain(join(place.project, ".qwen", file));
      expect(seen.warnings.join("\n")).toContain(join(place.home, "theirs", file));
    }
  });

  test("a link to the environment of the process", async () => {
    const place = prepareOwn("");
    symlinkSync("/proc/self/environ", join(place.project, ".env"));
    const seen = await look(place, {});
    expect(seen).toMatchObject(OWN);
    expect(seen.warnings.join("\n")).toContain(join(place.project, ".env"));
    expect(seen.warnings.join("\n")).toContain("/proc/");
  });

  test("but not a link that stays in the project", async () => {
    const place = prepareOwn("");
    place.write("p/env/development", "MY_KEY=theirs");
    symlinkSync("env/development", join(place.project, ".env"));
    expect(await look(place, {})).toMatchObject({ exitCode: 0, key: "MY_KEY project" });
  });

  /** What holds while nothing of the project is read. */
  const OWN = {
    exitCode: 0,
    state: "configured",
    model: "m",
    baseUrl: MINE,
    key: "env.MY_KEY user",
  };

  function prepareOwn(outside: string): Machine {
    return prepare({
      files: {
        [USER]: {
          ...openai({ id: "m", envKey: "MY_KEY", baseUrl: MINE }),
          env: { MY_KEY: SECRET },
        },
        outside,
      },
    });
  }

  /** Puts a link where a file was. */
  function linkTo(target: string, path: string): void {
    Bun.spawnSync(["rm", path]);
    symlinkSync(relative(dirname(path), target), path);
  }
});
