import { expect, test } from "bun:test";
import { check } from "../../src/doctor/check.ts";
import { hideHome } from "../../src/doctor/hide-home.ts";

test("hideHome() shortens what people read, and leaves the rest as it is", () => {
  const [whole, bare] = hideHome(
    [
      {
        ...check("a", { status: "warning", summary: "`/home/me/x` is odd" }),
        detail: ["see /home/me/y", "/data/me/z"],
        remedy: "rm /home/me/x",
      },
      check("b", { status: "ok", summary: "fine" }),
    ],
    ["/home/me", "/data/me"],
  );
  expect<unknown>(whole).toMatchObject({
    id: "a",
    status: "warning",
    summary: "`~/x` is odd",
    detail: ["see ~/y", "~/z"],
    remedy: "rm ~/x",
  });
  expect(bare).toEqual(check("b", { status: "ok", summary: "fine" }));
});
