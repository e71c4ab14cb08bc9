import { createPrivateKey, X509Certificate } from "node:crypto";
import { ConfigError } from "../errors.ts";
import { readBounded } from "../lib/files/read-bounded.ts";

/** A file and what names it: `--client-cert`, `QWEN_CLIENT_KEY`. */
export type NamedFile = { readonly name: string; readonly path: string };

/** With what this machine shows itself to servers that want to know; PEM. */
export type ClientCertificate = { readonly cert: string; readonly key: string };

type Files = {
  readonly cert: NamedFile | undefined;
  /** `undefined`: the key stands in the file of the certificate. */
  readonly key: NamedFile | undefined;
};

const LARGEST_FILE_KIB = 256;

/**
 * The client certificate of an office's servers; `undefined` where none is named.
 * @throws ConfigError when a file cannot be read, or the two do not belong together
 */
export function readClientCertificate({ cert, key }: Files): ClientCertificate | undefined {
  if (cert === undefined) {
    if (key !== undefined) {
      throw unusable(key, "there is no certificate to it", "name that with `--client-cert FILE`");
    }
    return undefined;
  }
  const certificate = readPem(cert);
  const certificateKey = key === undefined ? certificate : readPem(key);
  throwIfUnpaired({ text: certificate, file: cert }, { text: certificateKey, file: key ?? cert });
  return { cert: certificate, key: certificateKey };
}

function readPem(file: NamedFile): string {
  const read = readBounded(file.path, { maxKib: LARGEST_FILE_KIB });
  if (read.kind === "unreadable") {
    throw unusable(file, read.reason, `give \`${file.name}\` a PEM file, or leave it out`);
  }
  return read.text;
}

type Pem = { readonly text: string; readonly file: NamedFile };

/** What cannot be used would fail the connection, as if the server were at fault. */
function throwIfUnpaired(cert: Pem, key: Pem): void {
  const certificate = parse(() => new X509Certificate(cert.text));
  if (certificate === undefined) {
    const hint = `give \`${cert.file.name}\` a PEM file with a certificate`;
    throw unusable(cert.file, "it holds no PEM certificate", hint);
  }
  const privateKey = parse(() => createPrivateKey(key.text));
  if (privateKey === undefined) {
    const isLocked = /ENCRYPTED/.test(key.text);
    throw unusable(
      key.file,
      isLocked ? "its key is locked with a password" : "it holds no PEM key",
      isLocked
        ? "unlock it with `openssl pkey`"
        : "give the file of the key with `--client-key FILE`",
    );
  }
  if (!certificate.checkPrivateKey(privateKey)) {
    throw unusable(
      key.file,
      "its key is not that of the certificate",
      "give the two that belong together",
    );
  }
}

function parse<Value>(read: () => Value): Value | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

function unusable({ name, path }: NamedFile, why: string, hint: string): ConfigError {
  return new ConfigError(`Cannot use the client certificate of \`${path}\` (${name}): ${why}`, {
    code: "client-cert-unreadable",
    hint,
  });
}
