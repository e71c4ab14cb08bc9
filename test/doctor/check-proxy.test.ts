import { describe, expect, test } from "bun:test";
import type { Check } from "../../src/doctor/check.ts";
import {
  type CertificateFacts,
  checkCertificates,
  checkProxy,
  type ProxyFacts,
} from "../../src/doctor/check-proxy.ts";
import { checkTrust, type TrustFacts } from "../../src/doctor/check-trust.ts";

type Found = Omit<Check, "id">;

describe("checkProxy()", () => {
  const proxy = {
    kind: "proxy",
    proxy: "http://ann:pa55word@proxy.example:3128",
    name: "HTTPS_PROXY",
    noProxy: undefined,
    isExempt: false,
  } as const;
  const cases: readonly (readonly [string, ProxyFacts, Found])[] = [
    ["none", { kind: "direct" }, { status: "ok", summary: "none" }],
    [
      "no endpoint",
      { kind: "no-endpoint" },
      { status: "skipped", summary: "there is no endpoint to reach" },
    ],
    [
      "one with credentials, which are not shown",
      { ...proxy, noProxy: "localhost" },
      {
        status: "ok",
        summary: "http://proxy.example:3128 from `HTTPS_PROXY`, with credentials",
        detail: ["NO_PROXY is localhost"],
      },
    ],
    [
      "one without",
      { ...proxy, proxy: "https://proxy.example", name: "--proxy" },
      { status: "ok", summary: "https://proxy.example from `--proxy`" },
    ],
    [
      "one that NO_PROXY forbids",
      { ...proxy, noProxy: "*", isExempt: true },
      {
        status: "ok",
        summary: "none: NO_PROXY names the host (else `HTTPS_PROXY`)",
        detail: ["NO_PROXY is *"],
      },
    ],
    ...["socks5://ann:pa55word@proxy.example", "http://"].map(
      (value): readonly [string, ProxyFacts, Found] => [
        `one that cannot be used: ${value}`,
        { ...proxy, proxy: value },
        {
          status: "failed",
          summary:
            "the proxy of `HTTPS_PROXY` cannot be used: only http:// and https:// are supported",
          remedy: "write it like `http://proxy.example:3128`",
        },
      ],
    ),
    [
      "one of the settings that cannot be used",
      { kind: "broken", failure: { message: "Cannot use the proxy", hint: "write it so" } },
      { status: "failed", summary: "Cannot use the proxy", remedy: "write it so" },
    ],
  ];
  test.each(cases)("%s", (_name, facts, expected) => {
    expect(checkProxy(facts)).toEqual({ id: "proxy", ...expected });
  });
});

describe("checkCertificates()", () => {
  const none: CertificateFacts = { files: [], failure: undefined, unchecked: [] };
  const files = [{ name: "QWEN_CA_CERT", path: "/h/ca.pem" }];
  const detail = ["`/h/ca.pem` from `QWEN_CA_CERT`"];
  const cases: readonly (readonly [string, CertificateFacts, Found])[] = [
    ["none", none, { status: "ok", summary: "those that are built in" }],
    [
      "further ones",
      { ...none, files },
      { status: "ok", summary: "further ones beside the built-in", detail },
    ],
    [
      "a file that cannot be used",
      { ...none, files, failure: { message: "Cannot use the certificates", hint: "give a PEM" } },
      { status: "failed", summary: "Cannot use the certificates", detail, remedy: "give a PEM" },
    ],
    [
      "a shell that wants no checks",
      { ...none, unchecked: ["NODE_TLS_REJECT_UNAUTHORIZED"] },
      {
        status: "warning",
        summary: "`NODE_TLS_REJECT_UNAUTHORIZED` is ignored: certificates are always checked",
        remedy:
          "unset it, and name the certificates to trust with `--ca-cert FILE` or `QWEN_CA_CERT`",
      },
    ],
  ];
  test.each(cases)("%s", (_name, facts, expected) => {
    expect(checkCertificates(facts)).toEqual({ id: "certificates", ...expected });
  });
});

describe("checkTrust()", () => {
  const unknown = {
    kind: "known",
    folder: "/h/p",
    isTrusted: false,
    isRequired: false,
    trustAll: undefined,
    rule: undefined,
    trustedHome: undefined,
  } as const;
  const rule = { folder: "/h/p/x", rule: "TRUST_PARENT" } as const;
  const cases: readonly (readonly [string, TrustFacts, Found])[] = [
    [
      "a folder that needs no trust",
      unknown,
      { status: "ok", summary: "`/h/p` is not trusted, and nothing here needs it" },
    ],
    [
      "one that would need it",
      { ...unknown, isRequired: true },
      {
        status: "warning",
        summary: "`/h/p` is not trusted, so that its files cannot use your key",
        remedy: "run `qwen trust /h/p` if you trust it",
      },
    ],
    [
      "one that a rule trusts",
      { ...unknown, isTrusted: true, rule },
      { status: "ok", summary: "`/h/p` is trusted, by the rule TRUST_PARENT of `/h/p/x`" },
    ],
    [
      "one that the flag trusts, whatever a rule says",
      { ...unknown, isTrusted: true, trustAll: "--trust", rule },
      { status: "ok", summary: "`/h/p` is trusted, by `--trust`" },
    ],
    [
      "a rule that trusts the home",
      { ...unknown, isTrusted: true, trustedHome: { folder: "/h", rule: "TRUST_FOLDER" } },
      {
        status: "warning",
        summary: "the rule TRUST_FOLDER of `/h` trusts your home directory, with all below it",
        remedy: "run `qwen trust --revoke /h`",
      },
    ],
    [
      "a broken file",
      { kind: "broken", failure: { message: "Cannot use it", hint: "correct it" } },
      { status: "failed", summary: "Cannot use it", remedy: "correct it" },
    ],
  ];
  test.each(cases)("%s", (_name, facts, expected) => {
    expect(checkTrust(facts)).toEqual({ id: "trust", ...expected });
  });
});
