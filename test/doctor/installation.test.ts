import { describe, expect, test } from "bun:test";
import { describeInstallation, type InstallationFacts } from "../../src/doctor/installation.ts";

const PLAIN: InstallationFacts = {
  path: "/home/me/.local/bin/qwen",
  platform: "linux",
  arch: "x64",
  owner: undefined,
  silent: [],
  project: undefined,
  isInCheckout: false,
  isWritable: true,
  hasCurl: true,
  releases: "https://github.com/o/n/releases",
  isFlat: false,
};

const HOME = "https://github.com/o/n/releases/latest/download";

describe("describeInstallation()", () => {
  test.each<[string, Partial<InstallationFacts>, string, string | undefined]>([
    [
      "the installer",
      {},
      "installer",
      `i=$(curl -fsSL ${HOME}/install.sh) && sh -c "$i" sh --bin-dir /home/me/.local/bin`,
    ],
    [
      "the installer, as root",
      { path: "/usr/local/bin/qwen", isWritable: false },
      "installer",
      `i=$(curl -fsSL ${HOME}/install.sh) && sudo sh -c "$i" sh --bin-dir /usr/local/bin`,
    ],
    [
      "the installer, from a mirror without curl",
      { hasCurl: false, releases: "https://m.example/qwen/", isFlat: true, path: "/a b's/qwen" },
      "installer",
      `i=$(wget -qO- https://m.example/qwen/install.sh) && sh -c "$i" sh --bin-dir '/a b'\\''s'`,
    ],
    ["the installer of nobody", { releases: undefined }, "installer", undefined],
    [
      "the installer for Windows",
      { platform: "win32", path: "C:\\Users\\me\\qwen\\qwen.exe" },
      "installer",
      `irm '${HOME}/install.ps1' | iex`,
    ],
    [
      "npm",
      { path: "/usr/lib/node_modules/@o/qwen-linux-x64-musl/bin/qwen" },
      "npm",
      "npm install --global @o/qwen@latest",
    ],
    [
      "npm on Windows",
      {
        platform: "win32",
        path: "C:\\Users\\me\\AppData\\Roaming\\npm\\node_modules\\@o\\qwen-windows-arm64\\bin\\qwen.exe",
      },
      "npm",
      "npm install --global @o/qwen@latest",
    ],
    [
      "npm beside another package",
      { path: "/usr/lib/node_modules/@o/qwen/node_modules/@o/qwen-darwin-arm64/bin/qwen" },
      "npm",
      "npm install --global @o/qwen@latest",
    ],
    ...(
      [
        [
          "bun",
          "/home/me/.bun/install/global/node_modules/@o/qwen-linux-x64/bin/qwen",
          "bun add --global",
        ],
        [
          "pnpm",
          "/home/me/.local/share/pnpm/global/5/.pnpm/@o+qwen-linux-x64@1.2.3/node_modules/@o/qwen-linux-x64/bin/qwen",
          "pnpm add --global",
        ],
        [
          "pnpm",
          "/Users/me/Library/pnpm/global/5/node_modules/.pnpm/@o+qwen-darwin-arm64@1.2.3/node_modules/@o/qwen-darwin-arm64/bin/qwen",
          "pnpm add --global",
        ],
        [
          "pnpm",
          "/home/me/.local/share/pnpm/global/v11/3f2a/node_modules/.pnpm/@o+qwen-linux-x64@1.2.3/node_modules/@o/qwen-linux-x64/bin/qwen",
          "pnpm add --global",
        ],
        [
          "pnpm",
          "/home/me/.local/share/pnpm/store/v11/links/@o/qwen-linux-x64/1.2.3/3f2a/node_modules/@o/qwen-linux-x64/bin/qwen",
          "pnpm add --global",
        ],
        [
          "yarn",
          "/home/me/.config/yarn/global/node_modules/@o/qwen-linux-arm64-musl/bin/qwen",
          "yarn global add",
        ],
        [
          "yarn",
          "C:\\Users\\me\\AppData\\Local\\Yarn\\Data\\global\\node_modules\\@o\\qwen-windows-x64\\bin\\qwen.exe",
          "yarn global add",
        ],
        [
          "volta",
          "/home/me/.volta/tools/image/packages/@o/qwen/lib/node_modules/@o/qwen/node_modules/@o/qwen-linux-x64/bin/qwen",
          "volta install",
        ],
      ] as const
    ).map(([method, path, words]): [string, Partial<InstallationFacts>, string, string] => [
      `a global package of ${method}: ${path}`,
      { path, project: { directory: "/whatever", lockFile: "package-lock.json" } },
      method,
      `${words} @o/qwen@latest`,
    ]),
    ...(
      [
        [undefined, "npm", "npm install"],
        ["bun.lock", "bun", "bun add"],
        ["bun.lockb", "bun", "bun add"],
        ["pnpm-lock.yaml", "pnpm", "pnpm add"],
        ["yarn.lock", "yarn", "yarn add"],
      ] as const
    ).map(([lockFile, method, words]): [string, Partial<InstallationFacts>, string, string] => [
      `a package of one project with ${lockFile}`,
      {
        path: "/it's mine/node_modules/.x/node_modules/@o/qwen-linux-x64/bin/qwen",
        project: { directory: "/it's mine", lockFile },
      },
      method,
      `cd '/it'\\''s mine' && ${words} @o/qwen@latest`,
    ]),
    ...["evil;id", "$(id)", "-g", "a b", "@o/x'y"].map(
      (name): [string, Partial<InstallationFacts>, string, undefined] => [
        `a directory that no package can have named: ${name}`,
        { path: `/p/node_modules/${name}/bin/qwen`, releases: undefined },
        "installer",
        undefined,
      ],
    ),
    ...["evil;id", "$(id)", "a b"].map(
      (name): [string, Partial<InstallationFacts>, string, undefined] => [
        `a directory that Homebrew cannot have made: ${name}`,
        { path: `/opt/homebrew/Cellar/${name}/1.2.3/bin/qwen`, releases: undefined },
        "installer",
        undefined,
      ],
    ),
    [
      "the installer for Windows of nobody",
      { platform: "win32", path: "C:\\qwen\\qwen.exe", releases: undefined },
      "installer",
      undefined,
    ],
    [
      "an .rpm of nobody",
      { owner: { manager: "rpm", name: "qwen" }, releases: undefined },
      "rpm",
      undefined,
    ],
    [
      "an .rpm from a mirror",
      { owner: { manager: "rpm", name: "qwen" }, releases: "https://m.example//", isFlat: true },
      "rpm",
      "sudo rpm --upgrade https://m.example/qwen-linux-x64.rpm",
    ],
    [
      "Homebrew before the package of a system",
      { path: "/opt/Cellar/qwen/1/bin/qwen", owner: { manager: "rpm", name: "qwen" } },
      "homebrew",
      "brew upgrade qwen",
    ],
    [
      "a .deb before a checkout",
      { owner: { manager: "apk", name: "qwen" }, isInCheckout: true },
      "apk",
      "sudo apk add --upgrade qwen",
    ],
    [
      "Homebrew",
      { path: "/opt/homebrew/Cellar/qwen/1.2.3/bin/qwen" },
      "homebrew",
      "brew upgrade qwen",
    ],
    [
      "Scoop",
      { platform: "win32", path: "C:\\Users\\me\\scoop\\apps\\qwen\\current\\qwen.exe" },
      "scoop",
      "scoop update qwen",
    ],
    [
      "winget",
      {
        platform: "win32",
        path: "C:\\Users\\me\\AppData\\Local\\Microsoft\\WinGet\\Packages\\O.Qwen_Microsoft.Winget.Source_8\\qwen.exe",
      },
      "winget",
      "winget upgrade --exact --id O.Qwen",
    ],
    [
      "mise",
      { path: "/home/me/.local/share/mise/installs/aqua-o-n/1.2.3/qwen" },
      "mise",
      "mise upgrade aqua-o-n",
    ],
    [
      "aqua",
      { path: "/home/me/.local/share/aquaproj-aqua/pkgs/github_release/github.com/o/n/v1/q/qwen" },
      "aqua",
      "aqua update qwen",
    ],
    ["Nix", { path: "/nix/store/abc-qwen-1.2.3/bin/qwen" }, "nix", "nix profile upgrade qwen"],
    [
      "a .deb",
      { path: "/usr/bin/qwen", owner: { manager: "dpkg", name: "qwen" }, arch: "arm64" },
      "deb",
      `d=$(mktemp -d) && curl -fsSL -o "$d/qwen.deb" ${HOME}/qwen-linux-arm64.deb && sudo apt-get install "$d/qwen.deb"`,
    ],
    [
      "an .rpm",
      { path: "/usr/bin/qwen", owner: { manager: "rpm", name: "qwen" } },
      "rpm",
      `sudo rpm --upgrade ${HOME}/qwen-linux-x64.rpm`,
    ],
    [
      "a .deb of nobody",
      { owner: { manager: "dpkg", name: "qwen" }, releases: undefined },
      "deb",
      undefined,
    ],
    [
      "an apk",
      { path: "/usr/bin/qwen", owner: { manager: "apk", name: "qwen" } },
      "apk",
      "sudo apk add --upgrade qwen",
    ],
    [
      "a checkout",
      { path: "/home/me/it's qwen/dist/linux-x64/qwen", isInCheckout: true, releases: undefined },
      "checkout",
      `cd '/home/me/it'\\''s qwen' && git pull --ff-only && sh install.sh --from-source`,
    ],
  ])("knows %s", (_name, facts, method, line) => {
    const found = describeInstallation({ ...PLAIN, ...facts });
    expect(found).toEqual({ method, line } as typeof found);
  });

  test("prints lines that sh reads", () => {
    const paths = ["/a b/qwen", "/a'b/qwen", "/$(touch x)/qwen", "/qwen"];
    for (const path of paths) {
      const { line = "" } = describeInstallation({ ...PLAIN, path });
      const words = `curl() { echo 'printf "%s|" "$@"'; }; ${line}`;
      const { stdout } = Bun.spawnSync(["sh", "-c", words]);
      expect(stdout.toString()).toBe(`--bin-dir|${path.slice(0, path.lastIndexOf("/")) || "/"}|`);
    }
  });
});
