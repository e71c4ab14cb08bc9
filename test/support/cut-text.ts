import fc from "fast-check";

/** A text as it may arrive: its code points, in pieces of any size. */
export function inPieces(text: string): fc.Arbitrary<readonly string[]> {
  const points = [...text];
  return fc.array(fc.integer({ min: 0, max: points.length }), { maxLength: 8 }).map((cuts) => {
    const edges = [0, ...cuts.sort((left, right) => left - right), points.length];
    return edges.slice(1).map((edge, index) => points.slice(edges[index], edge).join(""));
  });
}
