import type { Runtime } from "../../runtime.ts";
import { createEditorView } from "./editor-view.ts";
import type { KeyQueue } from "./key-queue.ts";
import type { Prompts } from "./lay-out-draft.ts";
import { draftOf } from "./line-editor.ts";
import {
  applyKey,
  type LineContext,
  type LineRead,
  type LineState,
  resetLine,
} from "./line-state.ts";

type LineOptions = Omit<LineContext, "now"> & {
  readonly state: LineState;
  readonly prompts: Prompts;
  /** Lets the person write in an editor of theirs; what they made of the text. */
  readonly edit: (text: string) => Promise<string>;
};

/** Reads one message with editing, history and completion (`spec/session.md`). */
export async function readLine(
  runtime: Pick<Runtime, "stdout" | "terminal" | "now">,
  keys: KeyQueue,
  { state, prompts, edit, ...options }: LineOptions,
): Promise<LineRead> {
  const view = createEditorView(runtime, prompts);
  const context = { ...options, now: runtime.now };
  const finish = async (read: LineRead): Promise<LineRead> => {
    await view.finish(state.draft);
    if (read.kind === "line") {
      resetLine(state);
    }
    return read;
  };
  for (;;) {
    if (keys.isEmpty()) {
      await view.draw(state.draft, await belowOf(state, runtime));
    }
    const event = await keys.next();
    if (event.kind === "end") {
      return finish({ kind: "end" });
    }
    if (event.kind === "redraw") {
      continue;
    }
    const { done, wants } = applyKey(event.key, state, context);
    if (done !== undefined) {
      return finish(done);
    }
    if (wants === "clear") {
      await view.clear();
    } else if (wants === "editor") {
      await view.erase();
      state.draft = draftOf(await edit(state.draft.text));
    }
  }
}

/** What stands below the line, in words; what there is to choose from is data. */
async function belowOf(
  { below }: LineState,
  { stdout }: Pick<Runtime, "stdout">,
): Promise<string | undefined> {
  return below === undefined || below.includes("  ") ? below : stdout.inWords(below);
}
