import { describe, expect, test } from "bun:test";
import { transcript } from "../support/transcript.ts";

describe("qwen trust", () => {
  test("trusts the folder", async () => {
    expect(await transcript("trust")).toMatchInlineSnapshot(`
      "
      stderr:
      ✓ \`~/p\`, with all below it, is now trusted
      ~/.qwen/trustedFolders.json:
      {
        "~/p": "TRUST_FOLDER"
      }
      "
    `);
  });

  test("tells programs so", async () => {
    expect(await transcript("trust --json")).toMatchInlineSnapshot(`
      "
      {
        "schemaVersion": 1,
        "folder": "~/p",
        "trusted": true,
        "changed": true,
        "path": "~/.qwen/trustedFolders.json",
        "decidedBy": {
          "folder": "~/p",
          "rule": "TRUST_FOLDER"
        },
        "warnings": []
      }
      ~/.qwen/trustedFolders.json:
      {
        "~/p": "TRUST_FOLDER"
      }
      "
    `);
  });

  test("trusts the folder above, but not one's home", async () => {
    expect(await transcript("trust --parent")).toMatchInlineSnapshot(`
      "
      exit 2
      stderr:
      error: Cannot trust \`~\`: your home directory, and all that is ever put there, would be trusted

      hint: name the folder of one project, or repeat with \`--force\`
      "
    `);
  });

  test("trusts even that by force", async () => {
    expect(await transcript("trust --parent --force")).toMatchInlineSnapshot(`
      "
      stderr:
      ✓ \`~\`, with all below it, is now trusted
      ~/.qwen/trustedFolders.json:
      {
        "~/p": "TRUST_PARENT"
      }
      "
    `);
  });

  test("distrusts", async () => {
    expect(await transcript("trust --distrust")).toMatchInlineSnapshot(`
      "
      stderr:
      ✓ \`~/p\`, with all below it, is now distrusted
      ~/.qwen/trustedFolders.json:
      {
        "~/p": "DO_NOT_TRUST"
      }
      "
    `);
  });

  test("has nothing to revoke", async () => {
    expect(await transcript("trust --revoke")).toMatchInlineSnapshot(`
      "
      stderr:
      ✓ No rule stands under \`~/p\`; \`~/p\` is not trusted
      "
    `);
  });

  test("lists nothing", async () => {
    expect(await transcript("trust --list")).toMatchInlineSnapshot(`
      "
      stderr:
      No folder has a rule; run \`qwen trust\` in one to trust it
      "
    `);
  });

  test("lists nothing for programs", async () => {
    expect(await transcript("trust --list --json")).toMatchInlineSnapshot(`
      "
      {
        "schemaVersion": 1,
        "rules": []
      }
      "
    `);
  });

  test("lists rules", async () => {
    expect(
      await transcript("trust --list", {
        files: { ".qwen/trustedFolders.json": { "/": "DO_NOT_TRUST", "/no/such": "TRUST_FOLDER" } },
      }),
    ).toMatchInlineSnapshot(`
      "
      DO_NOT_TRUST  /
      TRUST_FOLDER  /no/such  (does not exist)
      "
    `);
  });

  test("lists rules for programs", async () => {
    expect(
      await transcript("trust --list --json", {
        files: { ".qwen/trustedFolders.json": { "/": "DO_NOT_TRUST", "/no/such": "TRUST_PARENT" } },
      }),
    ).toMatchInlineSnapshot(`
      "
      {
        "schemaVersion": 1,
        "rules": [
          {
            "folder": "/",
            "rule": "DO_NOT_TRUST",
            "exists": true
          },
          {
            "folder": "/no/such",
            "rule": "TRUST_PARENT",
            "exists": false
          }
        ]
      }
      "
    `);
  });

  test("trusts no folder without a name", async () => {
    expect(await transcript(["trust", ""])).toMatchInlineSnapshot(`
      "
      exit 2
      stderr:
      error: Cannot trust a folder without a name

      hint: name the folder, or write \`.\` for the working directory
      "
    `);
  });

  test("trusts no folder that is not there", async () => {
    expect(await transcript("trust nowhere")).toMatchInlineSnapshot(`
      "
      exit 2
      stderr:
      error: Cannot make a rule for \`~/p/nowhere\`: there is no such folder

      hint: name a folder that exists
      "
    `);
  });

  test("trusts no file", async () => {
    expect(await transcript("trust a-file", { files: { "p/a-file": "" } })).toMatchInlineSnapshot(`
      "
      exit 2
      stderr:
      error: Cannot make a rule for \`~/p/a-file\`: it is a file

      hint: name a folder that exists
      "
    `);
  });

  test("does one thing at once", async () => {
    expect(await transcript("trust --parent --revoke")).toMatchInlineSnapshot(`
      "
      exit 2
      stderr:
      error: Cannot use \`--parent\` and \`--revoke\` together

      hint: leave one of the two out
      "
    `);
  });

  test("lists all", async () => {
    expect(await transcript("trust --list somewhere")).toMatchInlineSnapshot(`
      "
      exit 2
      stderr:
      error: Cannot list the rules of one folder

      hint: leave the folder out: \`qwen trust --list\`
      "
    `);
  });

  test("says that every folder is trusted all the same", async () => {
    expect(
      await transcript("trust --distrust", { env: { QWEN_TRUST_WORKSPACE: "true" } }),
    ).toMatchInlineSnapshot(`
      "
      stderr:
      warning: \`QWEN_TRUST_WORKSPACE\` is true: every folder is trusted all the same
      ✓ \`~/p\`, with all below it, is now distrusted
      ~/.qwen/trustedFolders.json:
      {
        "~/p": "DO_NOT_TRUST"
      }
      "
    `);
  });

  test("revokes a rule", async () => {
    expect(
      await transcript("trust --revoke /", {
        files: { ".qwen/trustedFolders.json": { "/": "DO_NOT_TRUST" } },
      }),
    ).toMatchInlineSnapshot(`
      "
      stderr:
      ✓ The rule was removed; \`/\` is not trusted
      ~/.qwen/trustedFolders.json:
      {}
      "
    `);
  });

  test("says what still trusts", async () => {
    expect(
      await transcript("trust --revoke", {
        files: { ".qwen/trustedFolders.json": { "/": "TRUST_FOLDER" } },
      }),
    ).toMatchInlineSnapshot(`
      "
      stderr:
      ⚠ No rule stands under \`~/p\`; \`~/p\` is still trusted, by the rule TRUST_FOLDER of \`/\`
      "
    `);
  });

  test("says that, quiet or not", async () => {
    expect(
      await transcript("trust --revoke -q", {
        files: { ".qwen/trustedFolders.json": { "/": "TRUST_FOLDER" } },
      }),
    ).toMatchInlineSnapshot(`
      "
      stderr:
      ⚠ No rule stands under \`~/p\`; \`~/p\` is still trusted, by the rule TRUST_FOLDER of \`/\`
      "
    `);
  });

  test("says nothing else where that is wanted", async () => {
    expect(await transcript("trust -q")).toMatchInlineSnapshot(`
      "
      ~/.qwen/trustedFolders.json:
      {
        "~/p": "TRUST_FOLDER"
      }
      "
    `);
  });

  test("says that a folder was trusted already", async () => {
    expect(
      await transcript("trust /tmp", {
        files: { ".qwen/trustedFolders.json": { "/tmp": "TRUST_FOLDER" } },
      }),
    ).toMatchInlineSnapshot(`
      "
      exit 2
      stderr:
      error: Cannot trust \`/tmp\`: your home directory, and all that is ever put there, would be trusted

      hint: name the folder of one project, or repeat with \`--force\`
      "
    `);
  });
});
