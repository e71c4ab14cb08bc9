/** A terminal on which something else stands than what is drawn, as wide or wider, row by row. */
export function redraw(
  terminal: NodeJS.WriteStream,
  change: (text: string) => string,
): NodeJS.WriteStream {
  const write = (text: string | Uint8Array): boolean =>
    terminal.write(typeof text === "string" ? change(text) : text);
  return new Proxy(terminal, {
    get: (target, name) => {
      const value: unknown = name === "write" ? write : Reflect.get(target, name);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}
