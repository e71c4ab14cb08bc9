/** What of a process tells of its terminals. */
type Self = {
  readonly binding: (name: string) => object;
  readonly stdout: { readonly columns?: number };
  readonly stderr: { readonly columns?: number };
};

/** What the streams of a process are connected to. */
export type Terminals = {
  readonly isTerminal: (descriptor: 0 | 1 | 2) => Promise<boolean>;
  /** Columns of the screen; `undefined` where there is none, or none that says so. */
  readonly columns: (descriptor: 1 | 2) => Promise<number | undefined>;
};

/** What `node:tty` itself asks the system with. */
type Binding = {
  readonly isTTY: (descriptor: number) => boolean;
  readonly TTY: new (
    descriptor: number,
  ) => {
    readonly getWindowSize: (size: [columns: number, rows: number]) => boolean;
  };
};

/**
 * Asks as `node:tty` does, without it: to load that takes 5 M instructions, `process.stdout` 6.5 M,
 * a third of what `auth status` takes in all (`spec/performance.md`). Where the runtime has no such
 * binding any more, they are loaded.
 */
export function terminalsOf(self: Self): Terminals {
  const binding = bindingOf(self);
  const isTerminal = async (descriptor: 0 | 1 | 2): Promise<boolean> =>
    binding === undefined
      ? (await import("node:tty")).isatty(descriptor)
      : binding.isTTY(descriptor);
  return {
    isTerminal,
    columns: async (descriptor) => {
      if (!(await isTerminal(descriptor))) {
        return undefined;
      }
      const known =
        binding === undefined
          ? (descriptor === 1 ? self.stdout : self.stderr).columns
          : columnsOf(binding, descriptor);
      return known || undefined;
    },
  };
}

function columnsOf({ TTY }: Binding, descriptor: number): number | undefined {
  try {
    const size: [number, number] = [0, 0];
    return new TTY(descriptor).getWindowSize(size) ? size[0] : undefined;
  } catch {
    return undefined;
  }
}

function bindingOf({ binding }: Self): Binding | undefined {
  try {
    const found = binding("tty_wrap");
    return isBinding(found) ? found : undefined;
  } catch {
    return undefined;
  }
}

function isBinding(found: object): found is Binding {
  return (
    "isTTY" in found &&
    typeof found.isTTY === "function" &&
    "TTY" in found &&
    typeof found.TTY === "function"
  );
}
