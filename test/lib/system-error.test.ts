import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { describeSystemError, systemErrorCode } from "../../src/lib/system-error.ts";

test("systemErrorCode() reads the code of a system error and of nothing else", () => {
  expect(systemErrorCode(caught(() => readFileSync("/no/such/file")))).toBe("ENOENT");
  for (const error of [new Error("x"), { code: "ENOENT" }, "ENOENT", undefined, null]) {
    expect(systemErrorCode(error)).toBeUndefined();
  }
  expect(systemErrorCode(Object.assign(new Error("x"), { code: 5 }))).toBeUndefined();
});

test("describeSystemError() says in words what the code means", () => {
  const described = (code: string) => describeSystemError(Object.assign(new Error("x"), { code }));
  expect(described("EACCES")).toBe("permission denied (EACCES)");
  expect(described("ENOSPC")).toBe("no space left on the device (ENOSPC)");
  expect(described("EROFS")).toBe("the file system is read-only (EROFS)");
  expect(described("EWHATEVER")).toBe("EWHATEVER");
});

test("describeSystemError() falls back to the message", () => {
  expect(describeSystemError(new Error("it broke"))).toBe("it broke");
  expect(describeSystemError("it broke")).toBe("it broke");
});

function caught(action: () => unknown): unknown {
  try {
    return action();
  } catch (error) {
    return error;
  }
}
