import { describe, expect, test } from "bun:test";
import { tellTime } from "../../src/lib/tell-time.ts";

const NOW = new Date(2026, 10, 30, 8, 7, 0).getTime();
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

describe("tellTime()", () => {
  test.each([
    [0, "in less than a minute (08:07)"],
    [29_000, "in less than a minute (08:07)"],
    [12 * MINUTE, "in 12 min (08:19)"],
    [59 * MINUTE + 31_000, "in 1 h (09:06)"],
    [3 * HOUR, "in 3 h (11:07)"],
    [5 * HOUR + 58 * MINUTE, "in 5 h 58 min (14:05)"],
    [20 * HOUR, "in 20 h (04:07)"],
    [24 * HOUR, "in 1 day (2026-12-01)"],
    [35 * DAY, "in 35 days (2027-01-04)"],
    [-20_000, "less than a minute ago (08:06)"],
    [-12 * MINUTE, "12 min ago (07:55)"],
    [-2 * DAY, "2 days ago (2026-11-28)"],
  ])("%d ms from now", (from, told) => {
    expect(tellTime(NOW + from, NOW)).toBe(told);
  });
});
