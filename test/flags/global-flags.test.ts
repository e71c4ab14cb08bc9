import { expect, test } from "bun:test";
import type { FlagValues } from "../../src/flags/flag.ts";
import { type GlobalOptions, toGlobals } from "../../src/flags/global-flags.ts";
import { problemOf } from "../support/problem-of.ts";

const NONE: GlobalOptions = {
  color: "auto",
  quiet: false,
  debug: false,
  noInput: false,
  trust: false,
  noProject: false,
  offline: false,
  proxy: undefined,
  caCert: undefined,
  clientCert: undefined,
  clientKey: undefined,
};

test.each<[FlagValues, Partial<GlobalOptions>]>([
  [{}, {}],
  [{ color: "auto", lang: "zh" }, {}],
  [{ lang: "en" }, {}],
  [{ lang: "zh-CN" }, {}],
  [{ color: "always" }, { color: "always" }],
  [{ color: "never" }, { color: "never" }],
  [{ quiet: true }, { quiet: true }],
  [{ debug: true }, { debug: true }],
  [{ "no-input": true }, { noInput: true }],
  [{ trust: true }, { trust: true }],
  [{ "no-project": true }, { noProject: true }],
  [{ offline: true }, { offline: true }],
  [{ proxy: "http://p:1" }, { proxy: "http://p:1" }],
  [{ "ca-cert": "a.pem" }, { caCert: "a.pem" }],
  [{ "client-cert": "c.pem" }, { clientCert: "c.pem" }],
  [{ "client-key": "k.pem" }, { clientKey: "k.pem" }],
  [{ proxy: "", "ca-cert": "", "client-cert": "", "client-key": "" }, {}],
])("toGlobals() turns %j into %j", (values, expected) => {
  expect(toGlobals(values)).toEqual({ ...NONE, ...expected });
});

test.each<[FlagValues, string, string]>([
  [{ color: "red" }, 'Cannot use the colour "red": it is unknown', "choose auto, always or never"],
  [{ color: "" }, 'Cannot use the colour "": it is unknown', "choose auto, always or never"],
  [{ lang: "de" }, 'Cannot use the language "de": it is unknown', "choose en or zh"],
  [{ lang: "" }, 'Cannot use the language "": it is unknown', "choose en or zh"],
  [{ lang: "\u001b[2J" }, 'Cannot use the language "\\x1b[2J": it is unknown', "choose en or zh"],
])("toGlobals() refuses %j", (values, message, hint) => {
  expect(problemOf(() => toGlobals(values))).toEqual({
    name: "UsageError",
    code: "invalid-value",
    message,
    hint,
  });
});
