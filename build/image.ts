/** What the headers of an executable say, whatever its format. */
export type Image = {
  readonly format: "elf" | "mach-o" | "pe";
  /** `x64`, `arm64`, or `unknown` */
  readonly arch: string;
  /** The loader that an ELF file names. */
  readonly interpreter: string | undefined;
  /** Names of the libraries that must be there at run time. */
  readonly needed: readonly string[];
  /** Symbol versions that an ELF file asks for. */
  readonly versions: readonly string[];
  /** The oldest macOS that takes the file, such as `13.0`. */
  readonly macos?: string;
  /** Where the last part ends that the system loads: a shorter file is cut. */
  readonly end: number;
  /** What Bun embedded: our code. */
  readonly payload: Buffer | undefined;
};
