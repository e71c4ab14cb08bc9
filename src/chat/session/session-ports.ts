import type { Runtime } from "../../runtime.ts";
import type { Style } from "../../terminal/style.ts";
import type { Service } from "../ask-model.ts";
import type { SessionEvent, StoredSession } from "../stored/session-text.ts";

/** The model that a session talks to. */
export type SessionModel = {
  readonly service: Service;
  /** `glm-5 · Z.AI` */
  readonly label: string;
  /** What a person must know, a line each. */
  readonly notices: readonly string[];
};

/** Does what asks on the terminal while nobody else reads it. */
export type Outside = <Value>(action: () => Promise<Value>) => Promise<Value>;

/** A message as it is sent, with the files that it names. */
export type Message = {
  readonly text: string;
  /** `src/a.ts (120 lines)`, one for each file. */
  readonly chips: readonly string[];
};

/** What a session needs of the commands, which stand to the left (DESIGN.md). */
export type SessionPorts = {
  /** The model in force; a question, if there must be one, is asked `outside`. @throws QwenError */
  readonly connect: (outside: Outside) => Promise<SessionModel>;
  /**
   * The menu of `qwen auth`; `again`, what is set up goes before what the command line says.
   * @throws CancelledError when it is left
   */
  readonly authenticate: (when: "first" | "again") => Promise<void>;
  /**
   * Another model, chosen by its id or from a list, and kept for later sessions; `undefined`: it
   * was left.
   * @throws UsageError when there is no such model
   */
  readonly chooseModel: (word: string | undefined) => Promise<SessionModel | undefined>;
  /**
   * Another account of the provider in use, or of another one, for this session alone; `undefined`:
   * the list was left.
   * @throws QwenError when there is no such account, or its key cannot be used
   */
  readonly chooseAccount: (word: string | undefined) => Promise<SessionModel | undefined>;
  /** The same as `chooseModel` for one question, kept nowhere. @throws UsageError when there is no such model */
  readonly modelOnce: (word: string) => Promise<SessionModel>;
  /** Prints what `qwen auth status` prints. */
  readonly showStatus: () => Promise<void>;
  /** Prints what the endpoint offers. */
  readonly listModels: () => Promise<void>;
  readonly remember: (line: string) => Promise<void>;
  /** Keeps what happened in the conversation; why that cannot be, where it cannot. */
  readonly keep: (events: readonly SessionEvent[]) => Promise<string | undefined>;
  /** What is kept from now on belongs to another conversation; `undefined`: to a new one. */
  readonly turnTo: (stored: StoredSession | undefined) => void;
  /** A conversation of earlier, chosen by its id or from a list; `undefined`: it was left. */
  readonly chooseStored: (begun: string | undefined) => Promise<StoredSession | undefined>;
  /** Writes a file that is not there yet; where it stands. @throws QwenError */
  readonly saveFile: (path: string, text: string) => Promise<string>;
  /** Reads the files that a message names. @throws UsageError for one that must not be sent */
  readonly attach: (message: string, outside: Outside) => Promise<Message>;
  /** What the person makes of a text in an editor of theirs. @throws QwenError without one */
  readonly editText: (text: string) => Promise<string>;
  /** For Tab: ids of models, words for accounts, and paths that begin like this. */
  readonly modelIds: () => readonly string[];
  readonly accountWords: () => readonly string[];
  readonly pathsLike: (begun: string) => readonly string[];
};

export type SessionOptions = {
  readonly style: Style;
  /** Lines at the top. */
  readonly header: (connected: SessionModel | undefined) => readonly string[];
  readonly history: readonly string[];
  /** What is asked first. */
  readonly question: string | undefined;
  readonly showsThinking: boolean;
  /** A conversation of earlier that goes on. */
  readonly stored: StoredSession | undefined;
};

export type SessionRuntime = Pick<
  Runtime,
  "stdout" | "terminal" | "env" | "now" | "version" | "build" | "trace" | "home" | "platform"
>;
