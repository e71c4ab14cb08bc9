export const KEY = "sk-0123456789abcdef0123";

/** `SERVER` is the origin of a server that would answer. */
export type SetUp = {
  readonly name: string;
  readonly user?: object;
  readonly project?: object;
  readonly env?: Readonly<Record<string, string>>;
  /** Files below home, such as a `.env`. */
  readonly files?: Readonly<Record<string, string>>;
  readonly exitCode: 0 | 3 | 4;
  /** A part of the reason, or of the warning where a question is asked all the same. */
  readonly says: string;
};

export const ENTRY = { id: "m", envKey: "K1", baseUrl: "SERVER/v1" };
export const PUBLIC = "https://gateway.example/v1";

export function entry(fields: object, more: object = {}): object {
  return {
    env: { K1: KEY },
    security: { auth: { selectedType: "openai" } },
    model: { name: "m" },
    modelProviders: { openai: [{ ...ENTRY, ...fields }] },
    ...more,
  };
}

export function config(generationConfig: object): object {
  return entry({ generationConfig });
}

export function header(name: string, value: unknown): object {
  return config({ customHeaders: { [name]: value } });
}
