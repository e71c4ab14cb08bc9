import { X509Certificate } from "node:crypto";
import { getCACertificates, rootCertificates } from "node:tls";
import { ConfigError } from "../errors.ts";
import { readBounded } from "../lib/files/read-bounded.ts";

/** The authorities of a whole system are a quarter of a MiB. */
const LARGEST_FILE_KIB = 8 * 1024;

const PEM = /-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g;

/** A file of certificates and what names it: `--ca-cert`, `SSL_CERT_FILE`. */
export type AuthorityFile = { readonly name: string; readonly path: string };

/**
 * The certificates of the files beside those that are known anyway: a list that Bun is given
 * replaces its own.
 * @throws ConfigError when a file cannot be read or holds no certificate
 */
export function readAuthorities(files: readonly AuthorityFile[]): readonly string[] {
  const own = files.map(readAuthorityFile);
  return [...rootCertificates, ...getCACertificates("system"), ...own];
}

/**
 * The text of one file of certificates, each of which can be read.
 * @throws ConfigError when the file cannot be read or holds no certificate
 */
export function readAuthorityFile({ name, path }: AuthorityFile): string {
  const failed = (why: string): ConfigError =>
    new ConfigError(`Cannot use the certificates of \`${path}\` (${name}): ${why}`, {
      code: "ca-file-unreadable",
      hint: `give \`${name}\` a PEM file, or leave it out`,
    });
  const file = readBounded(path, { maxKib: LARGEST_FILE_KIB });
  if (file.kind === "unreadable") {
    throw failed(file.reason);
  }
  const { text } = file;
  const blocks = text.match(PEM) ?? [];
  if (blocks.length === 0) {
    throw failed("it holds no PEM certificate");
  }
  try {
    // What cannot be parsed would fail the connection, as if the server were at fault.
    for (const block of blocks) {
      new X509Certificate(block);
    }
  } catch {
    throw failed("a certificate in it is damaged");
  }
  return text;
}
