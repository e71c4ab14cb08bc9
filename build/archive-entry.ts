/** A file of an archive, whatever its format. */
export type ArchiveEntry = {
  readonly name: string;
  readonly mode: number;
  readonly content: Uint8Array<ArrayBuffer>;
};
