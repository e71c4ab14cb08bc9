import { readElf } from "./elf.ts";
import { readMachO } from "./mach-o.ts";
import { readPe } from "./pe.ts";

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

/** Reads the headers of an executable; throws, with the reason as the message, if it cannot. */
export function readImage(file: Buffer): Image {
  if (file.length < 4096) {
    throw new Error("it is too short for an executable");
  }
  switch (file.toString("latin1", 0, 4)) {
    case "\u007fELF":
      return readElf(file);
    case "\u00cf\u00fa\u00ed\u00fe":
      return readMachO(file);
    default:
      if (file.toString("latin1", 0, 2) === "MZ") {
        return readPe(file);
      }
      throw new Error("it is neither ELF, Mach-O nor PE");
  }
}
