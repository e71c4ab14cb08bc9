/** A secret of this login alone, and what proves later on that one knows it (RFC 7636, S256). */
export type Pkce = { readonly verifier: string; readonly challenge: string };

/** 32 random bytes as 43 characters, and the SHA-256 of these characters. */
export function createPkce(): Pkce {
  const verifier = base64url(crypto.getRandomValues(new Uint8Array(32)));
  const hash = new Bun.CryptoHasher("sha256").update(verifier).digest();
  return { verifier, challenge: base64url(hash) };
}

function base64url(bytes: Uint8Array): string {
  return bytes.toBase64({ alphabet: "base64url", omitPadding: true });
}
