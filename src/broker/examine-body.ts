import { type AskedModel, chooseModel, type Models } from "./choose-model.ts";
import { type Refusal, refusal } from "./refusal.ts";
import { createBodyWalk, type ModelRole } from "./walk-body.ts";

/** What is known of the model of a request, so far. */
export type ModelFinding = {
  /** As the tool asked, and as the service is asked. */
  readonly asked: string | undefined;
  readonly sent: string | undefined;
  /** Why it cannot be told what is asked for. */
  readonly unread: string | undefined;
  readonly refusal: Refusal | undefined;
};

/** Looks at a body while it goes by. */
export type BodyExaminer = {
  /** What goes on in the place of these bytes. */
  readonly push: (bytes: Uint8Array) => readonly Uint8Array[];
  readonly end: () => readonly Uint8Array[];
  readonly examined: () => ModelFinding;
};

type Options = {
  readonly models: Models;
  /** Of a refusal of a model that is not of this connection. */
  readonly unknownStatus: number;
  readonly onReplaced: (model: string) => void;
};

const BAD_REQUEST = 400;

const NOTHING: ModelFinding = {
  asked: undefined,
  sent: undefined,
  unread: undefined,
  refusal: undefined,
};

/** For what asks for no model. */
export const NOT_EXAMINED: BodyExaminer = {
  push: (bytes) => [bytes],
  end: () => [],
  examined: () => NOTHING,
};

/** The model of a path, which alone decides: its body passes as it is. */
export function examinePath(model: string, options: Options): BodyExaminer {
  const { choose, examined } = createChoice(options);
  choose({ kind: "named", model });
  return { ...NOT_EXAMINED, examined };
}

/** The model of a body, of whatever length (`spec/broker.md` §§1 and 5). */
export function examineBody(options: Options): BodyExaminer {
  const { choose, examined } = createChoice(options);
  const walk = createBodyWalk({
    onModel: (model, role) => choose({ kind: "named", model }, role),
    onUnread: (why) => {
      choose({ kind: "unread", why });
    },
  });
  return {
    push: walk.push,
    end: () => {
      const last = walk.end();
      const { asked, unread } = examined();
      if (asked === undefined && unread === undefined) {
        choose({ kind: "unnamed" });
      }
      return last;
    },
    examined,
  };
}

/** Remembers what was chosen; `choose` gives what is to stand in the place of a model. */
function createChoice({ models, unknownStatus, onReplaced }: Options) {
  let examined = NOTHING;
  const choose = (asked: AskedModel, role: ModelRole = "model"): string | undefined => {
    const choice = chooseModel(models, asked);
    const other = choice.kind === "replace" ? choice.model : undefined;
    // What is tried only after the model is not what was asked for, unless there is no other.
    const isKnown = role === "fallback" && examined.asked !== undefined;
    examined = isKnown ? examined : { ...examined, ...toldBy(asked, other, examined) };
    if (choice.kind === "refuse") {
      const status = choice.isUnknown ? unknownStatus : BAD_REQUEST;
      const refused = examined.refusal ?? refusal(status, "model", choice.message);
      examined = { ...examined, refusal: refused };
    }
    if (other !== undefined && asked.kind === "named") {
      onReplaced(asked.model);
    }
    return other;
  };
  return { choose, examined: () => examined };
}

/** What is known beside what was known. */
function toldBy(
  asked: AskedModel,
  other: string | undefined,
  known: ModelFinding,
): Partial<ModelFinding> {
  switch (asked.kind) {
    case "named":
      return { asked: asked.model, sent: other ?? asked.model };
    case "unread":
      return { unread: known.unread ?? asked.why };
    default:
      return {};
  }
}
