import { describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../../build/project.ts";
import { changedJob } from "./changed-job.ts";
import { findReleaseProblems } from "./release-rules.ts";

const TEXT = readFileSync(join(ROOT, ".github", "workflows", "release.yml"), "utf8");
const PUBLISH = "needs.plan.outputs.publish == 'true'";
const CHECK = `      - run: sh .github/release/digest.sh release "$DIGEST"
        env:
          DIGEST: \${{ needs.package.outputs.digest }}
`;

test("release.yml does what the guide says", () => {
  expect(findReleaseProblems(TEXT)).toEqual([]);
});

describe("what would let a bad release out is found:", () => {
  test.each([
    [
      "a red commit",
      "build",
      "needs: [plan, tests]",
      "needs: plan",
      "build does not wait for tests",
    ],
    ["tests of something else", "tests", "ci.yml", "other.yml", "tests does not run what ci.yml"],
    ["no second build", "sign", "rebuild-verify, ", "", "publish does not wait for rebuild-verify"],
    ["no use", "sign", " smoke,", "", "publish does not wait for smoke"],
    ["no use on musl", "sign", " smoke-musl,", "", "publish does not wait for smoke-musl"],
    ["no images", "sign", ", images]", "]", "publish does not wait for images"],
    ["no signature", "publish", " sign, attest", "", "publish does not wait for sign"],
    [
      "an attestation of what nobody used",
      "attest",
      ", sign]",
      "]",
      "attest does not wait for smoke",
    ],
    ["an image of no release", "image", ", publish]", "]", "image does not wait for publish"],
    [
      "a look before the images",
      "verify",
      ", use-images",
      "",
      "verify does not wait for use-images",
    ],
    [
      "secrets for the tests",
      "tests",
      "    uses:",
      "    secrets: inherit\n    uses:",
      "tests: hands secrets on",
    ],
    [
      "a rebuild compared with itself",
      "rebuild-verify",
      "another/place/dist/compilation.json >",
      "release/manifest.json >",
      "rebuild-verify does not run",
    ],
    [
      "an image that nobody vouches for",
      "image",
      "subject-digest: $" + "{{ steps.push",
      "subject-digest: $" + "{{ steps.metadata",
      "image does not attest",
    ],
    ["no notary", "sign-darwin", "xcrun notarytool submit", "echo", "sign-darwin does not run"],
    ["a version twice", "publish", "exit 1", "echo", "publish: publishes a version twice"],
    [
      "latest for an older line",
      "move-tags",
      '[ "$LATEST" = true ]',
      '[ -n "$LATEST" ]',
      "move-tags does not run",
    ],
    [
      "latest for another image",
      "move-tags",
      '"$image@$(cat pushed/digest)"',
      '"$image:main"',
      "move-tags does not run",
    ],
    ["a target less", "smoke", "target: windows-arm64", "target: x", "windows-arm64 is never"],
    [
      "musl on glibc",
      "smoke",
      "target: linux-x64,",
      "target: linux-x64-musl,",
      "linux-x64 is never",
    ],
    ["arm64 with musl less", "smoke-musl", "linux-arm64-musl", "y", "linux-arm64-musl is never"],
    ["no Alpine", "smoke-musl", '"$ALPINE"', "", "smoke-musl does not run in Alpine"],
    ["an Alpine of today", "smoke-musl", "@sha256:", "-", "smoke-musl: runs in alpine:3.22"],
    ["an image less", "images", ", debian", "", "images leaves an image out"],
    ["an architecture less", "images", ", ubuntu-24.04-arm", "", "images leaves an architecture"],
    ["unused images", "images", "bun test/release/use-image.ts", "echo", "images does not run"],
    ["unused pushed images", "use-images", "use-image.ts", "x.ts", "use-images does not run"],
    ["another image", "use-images", "@$(cat pushed/digest)", ":latest", "use-images does not run"],
    ["latest at once", "image", "latest=false", "latest=true", "image moves latest"],
    ["tags that move at once", "image", "{{version}}", "{{major}}", "image pushes tags that move"],
    ["tags before the use", "move-tags", ", use-images", "", "move-tags does not wait"],
    ["tags to a pre-release", "move-tags", "prerelease == 'false'", "publish == 'true'", "a pre-"],
    ["a release at once", "publish", " --draft", "", "publish: publishes what was not"],
    [
      "a pre-release as release",
      "publish",
      '--prerelease="$PRERELEASE" --n',
      "--n",
      "a pre-release",
    ],
    ["always the latest", "publish", '--latest="$LATEST"', "--latest", "makes any one the latest"],
    ["no comparison", "publish", "diff -r", "echo", "does not compare what was uploaded"],
    ["a release that can change", "publish", "--jq .immutable", "", "does not ask whether"],
    ["signatures left behind", "publish", "cp signatures/*", "echo", "leaves the signatures"],
    [
      "half an attestation",
      "attest",
      "release/*",
      "release/*.zip",
      "publish: attests release/*.zip",
    ],
    [
      "a dry run that publishes",
      "publish",
      `if: ${PUBLISH}`,
      "if: always()",
      "publish runs though",
    ],
    ["a dry run that attests", "attest", `if: ${PUBLISH}`, "if: true", "attest runs though"],
    [
      "a dry run with the certificate",
      "sign-darwin",
      `\${{ ${PUBLISH} && 'release' || 'dry-run' }}`,
      "release",
      "sign-darwin: secrets of no environment",
    ],
    ["a dry run with the key", "sign", `${PUBLISH} && secrets.`, "secrets.", "sign: a dry run has"],
    [
      "a certificate outside of its step",
      "sign-darwin",
      `${PUBLISH} && secrets.`,
      "secrets.",
      "sign-darwin: a dry run has",
    ],
    ["another artifact", "smoke", CHECK, "", "smoke: takes the release without"],
    ["another artifact in Alpine", "smoke-musl", CHECK, "", "smoke-musl: takes the release"],
    ["another artifact to attest", "attest", CHECK, "", "attest: takes the release without"],
    ["another artifact to publish", "publish", CHECK, "", "publish: takes the release without"],
    ["a digest of nobody", "image", "outputs.digest", "outputs.other", "image: takes the release"],
    [
      "a tool of today",
      "build",
      "- run: bun install",
      "- run: npm install -g x\n      - run: bun install",
      "build: installs what is not pinned",
    ],
    [
      "a cache",
      "build",
      "- run: bun install",
      "- uses: actions/cache@v5\n      - run: bun install",
      "build: takes what others",
    ],
  ])("%s", (_name, job, part, replacement, problem) => {
    const problems = findReleaseProblems(changedJob(TEXT, job, part, replacement)).join("\n");
    expect(problems).toContain(problem);
  });
});
