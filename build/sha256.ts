export function sha256(content: string | Uint8Array): string {
  return new Bun.SHA256().update(content).digest("hex");
}
