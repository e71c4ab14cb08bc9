/** Bytes; what is smaller may share its memory with others, as pools do. */
const LEAST = 32 * 1024;

/**
 * Gives the memory of a piece of an answer back at once, after which it is empty. The collector of
 * garbage would let some 30 MiB of them pass by before it looks. Only for pieces of an answer that
 * was asked for with `isStream`, whose larger ones have their memory to themselves.
 */
export function releasePiece({ buffer }: Uint8Array): void {
  if (buffer instanceof ArrayBuffer && buffer.byteLength > LEAST) {
    buffer.transfer(0);
  }
}
