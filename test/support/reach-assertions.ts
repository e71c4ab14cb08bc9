import { beforeEach, expect } from "bun:test";

/** Loaded before all tests: one that ends without having asserted anything has failed. */
beforeEach(() => {
  expect.hasAssertions();
});
