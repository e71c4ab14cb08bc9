import { readElf } from "./elf.ts";
import type { Image } from "./image.ts";
import { readMachO } from "./mach-o.ts";
import { readPe } from "./pe.ts";

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
