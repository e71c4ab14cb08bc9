/** A model that an endpoint offers. */
export type ListedModel = {
  readonly id: string;
  readonly name?: string;
  /** Tokens. */
  readonly contextWindow?: number;
  /** `false`: the list says that it is for something else, such as embeddings. */
  readonly canChat?: false;
};
