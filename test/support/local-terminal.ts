import { PassThrough, Writable } from "node:stream";
import { openScreen } from "./screen.ts";

type Size = { readonly columns?: number; readonly rows?: number };

/** A terminal within this process: what is typed is read, what is written stands on a screen. */
export type LocalTerminal = {
  readonly input: NodeJS.ReadStream;
  readonly output: NodeJS.WriteStream;
  readonly type: (keys: string) => void;
  /** Every byte that was written, and each change of the mode as `{raw}` or `{cooked}`. */
  readonly log: () => string;
  /** The screen, once it shows `what`. */
  readonly shows: (what: string) => Promise<string>;
  /** The screen once all that was written so far stands there. */
  readonly screen: () => Promise<string>;
};

export function localTerminal({ columns = 80, rows = 24 }: Size = {}): LocalTerminal {
  const screen = openScreen({ cols: columns, rows });
  let log = "";
  let drawn = Promise.resolve();
  let changed = Promise.withResolvers<void>();
  const write = (text: string): void => {
    log += text;
    // As the driver of a terminal does it.
    drawn = drawn.then(() => screen.write(text.replaceAll("\n", "\r\n")));
    changed.resolve();
    changed = Promise.withResolvers();
  };
  const keyboard = Object.assign(new PassThrough(), {
    isTTY: true,
    setRawMode: (isRaw: boolean) => {
      log += isRaw ? "{raw}" : "{cooked}";
    },
  });
  const output = Object.assign(
    new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        write(String(chunk));
        done();
      },
    }),
    { isTTY: true, columns, rows },
  );
  const text = async (): Promise<string> => {
    await drawn;
    return screen.text();
  };
  return {
    // What of a terminal is used here is made of streams alike.
    input: keyboard as unknown as NodeJS.ReadStream,
    output: output as unknown as NodeJS.WriteStream,
    type: (keys) => {
      keyboard.write(keys);
    },
    log: () => log,
    shows: async (what) => {
      for (;;) {
        const next = changed.promise;
        const shown = await text();
        if (shown.includes(what)) {
          return shown;
        }
        await next;
      }
    },
    screen: text,
  };
}
