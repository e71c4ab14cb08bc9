import { type Refusal, refusal } from "../refusal.ts";
import type { TokenUsage } from "./usage-fields.ts";

export type Budget = {
  /** `--max-requests` */
  readonly requests: number | undefined;
  /** `--max-tokens`: input and output together. */
  readonly tokens: number | undefined;
};

export type Totals = {
  /** Those that went to the service. */
  readonly requests: number;
  readonly refused: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly badTokens: number;
};

/** What a run has used so far, and may use. */
export type Ledger = {
  /** Counts a request that is about to be sent; or says why it is not. */
  readonly spend: () => Refusal | undefined;
  readonly refuse: (by: Refusal["refusedBy"]) => void;
  readonly add: (usage: TokenUsage | undefined) => void;
  readonly totals: () => Totals;
};

export function createLedger({ requests: mostRequests, tokens: mostTokens }: Budget): Ledger {
  let requests = 0;
  let refused = 0;
  let badTokens = 0;
  let inputTokens = 0;
  let outputTokens = 0;
  return {
    spend: () => {
      if (mostRequests !== undefined && requests >= mostRequests) {
        return usedUp(`${mostRequests} ${mostRequests === 1 ? "request" : "requests"}`);
      }
      if (mostTokens !== undefined && inputTokens + outputTokens >= mostTokens) {
        return usedUp(`${mostTokens} tokens`);
      }
      requests += 1;
      return undefined;
    },
    refuse: (by) => {
      if (by === "token") {
        badTokens += 1;
      }
      refused += 1;
    },
    add: (usage) => {
      inputTokens += usage?.inputTokens ?? 0;
      outputTokens += usage?.outputTokens ?? 0;
    },
    totals: () => ({ requests, refused, badTokens, inputTokens, outputTokens }),
  };
}

function usedUp(what: string): Refusal {
  return refusal(403, "budget", `budget of this run is used up (${what})`);
}

type RunFacts = {
  /** The program that ran; `undefined`: the broker stood alone. */
  readonly tool: string | undefined;
  readonly host: string;
  readonly model: string;
};

/** The line at the end (`spec/broker.md` §6). Nothing sent is worth a line of its own. */
export function summaryOf(totals: Totals, { tool, host, model }: RunFacts): string {
  const { requests, refused, inputTokens, outputTokens } = totals;
  const others = refused === 0 ? "" : `; ${count(refused)} refused`;
  if (requests === 0) {
    return tool === undefined
      ? `qwen: nothing was sent through the broker${others}`
      : `qwen: ${tool} sent nothing through the broker; it may be using a login of its own${others}`;
  }
  const noun = requests === 1 ? "request" : "requests";
  const tokens = `${count(inputTokens)} tokens in, ${count(outputTokens)} out`;
  return `qwen: ${count(requests)} ${noun} to ${host} (${model}): ${tokens}${others}`;
}

function count(number: number): string {
  return number.toLocaleString("en-US");
}
