/**
 * Hands on text in pieces that end between characters, also where a server cuts one, or a line break
 * of two, in two.
 */
export function createWholeCharacters(): (piece: string) => string {
  let half = "";
  return (piece) => {
    const text = half + piece;
    half = /[\ud800-\udbff\r]$/.exec(text)?.[0] ?? "";
    return text.slice(0, text.length - half.length);
  };
}
