import type { Output, Runtime } from "../../runtime.ts";
import type { Screen } from "./lay-out-rows.ts";

/** The screen that a stream goes to; `undefined` where a script may read. */
export async function screenOf(
  { home }: Pick<Runtime, "home">,
  stream: Output,
): Promise<Screen | undefined> {
  const columns = await stream.columns();
  return columns === undefined ? undefined : { columns, home };
}
