import { describe, expect, test } from "bun:test";
import { absoluteEntries, childEnvironment } from "../../src/lib/child-environment.ts";

describe("childEnvironment()", () => {
  const env = { PATH: ".:/usr/bin", HOME: "/h", MY_KEY: "k", DISPLAY: ":0", GIT_DIR: "x" };

  test("leaves out keys and what tells git where to look", () => {
    const { PATH, HOME, DISPLAY, ...rest } = childEnvironment(env, { session: false });
    expect([PATH, HOME, DISPLAY]).toEqual(["/usr/bin", "/h", undefined]);
    expect(Object.values(rest).filter((value) => value !== undefined)).toEqual([]);
  });

  test("lets a program of the session reach the screen", () => {
    expect(childEnvironment(env, { session: true }).DISPLAY).toBe(":0");
  });
});

test.each([
  ["/usr/bin:/bin", "/usr/bin:/bin"],
  [".:/usr/bin:bin:./x:../y:~/z", "/usr/bin"],
  [":/usr/bin::/bin:", "/usr/bin:/bin"],
  ["C:\\bin;bin;.;D:\\x", "C:\\bin;D:\\x"],
  ["C:\\bin", "C:\\bin"],
  ["/opt/a;b:/bin", "/opt/a;b:/bin"],
  ["", ""],
  [undefined, ""],
])("absoluteEntries() of %p is %p", (path, absolute) => {
  expect(absoluteEntries(path)).toBe(absolute);
});
