import { type Http, send } from "../http/http.ts";
import { readText } from "../http/read-body.ts";
import { RequestError } from "../http/request-failure.ts";
import { withDeadline } from "../http/start-timer.ts";
import { checkAnswer } from "./check-answer.ts";
import type { ListedModel } from "./listed-model.ts";
import { atPage, type Cursor, type NextPage, nextPage } from "./next-page.ts";
import { type ReadList, readModelPage } from "./read-model-page.ts";
import { requestHeaders, wireOf } from "./request-headers.ts";
import type { ServiceEndpoint } from "./service-endpoint.ts";
import { sentSecrets } from "./service-endpoint.ts";

/** What an endpoint lists. */
export type ModelList = {
  readonly models: readonly ListedModel[];
  /** The service has more that could not be read: what is missing here may be there. */
  readonly isPartial: boolean;
};

type ListOptions = {
  /** Milliseconds for all of it; 0: only `signal` ends it. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
};

/** Bytes of all pages. */
const LONGEST_LIST = 4 * 1024 * 1024;
const MOST_PAGES = 20;

/**
 * The models that an endpoint lists, in its order: at most 20 pages and 4 MiB, no second try.
 * @throws RequestError
 */
export async function listModels(
  http: Http,
  endpoint: ServiceEndpoint,
  options: ListOptions,
): Promise<readonly ListedModel[]> {
  return (await readModelList(http, endpoint, options)).models;
}

/**
 * The same, with whether it is all. Further pages are followed within the endpoint that was paired,
 * as long as each of them brings something; where one cannot be had, the list is a part.
 * @throws RequestError when there is no first page
 */
export function readModelList(
  http: Http,
  endpoint: ServiceEndpoint,
  { timeoutMs, signal }: ListOptions,
): Promise<ModelList> {
  return withDeadline(timeoutMs, signal, async (deadline) => {
    const seen = new Set<string>();
    const models: ListedModel[] = [];
    const asked = new Set<string>();
    let room = LONGEST_LIST;
    let cursor: Cursor = new Map();
    for (;;) {
      const url = atPage(wireOf(endpoint).modelsUrl(endpoint.baseUrl), cursor);
      const isOver = asked.has(url) || asked.size === MOST_PAGES;
      asked.add(url);
      const request = { url, cursor, room, signal: deadline };
      const page = isOver ? undefined : await pageAt(http, endpoint, request);
      const news = page?.models.filter(({ id }) => !seen.has(id) && seen.add(id)) ?? [];
      models.push(...news);
      if (page === undefined || page.next.kind !== "page" || isStuck(page, news)) {
        return { models, isPartial: page?.next.kind !== "none" };
      }
      room -= page.bytes;
      cursor = page.next.cursor;
    }
  });
}

type Page = Pick<ReadList, "models" | "isEmpty"> & {
  readonly bytes: number;
  readonly next: NextPage;
};

/** Whether going on would bring the same again. */
function isStuck({ isEmpty, models }: Page, news: readonly ListedModel[]): boolean {
  return isEmpty || (models.length > 0 && news.length === 0);
}

type PageRequest = {
  readonly url: string;
  readonly cursor: Cursor;
  readonly signal: AbortSignal;
  /** Bytes that it may have. */
  readonly room: number;
};

/** @returns `undefined` for a further page that cannot be had. @throws RequestError for the first */
async function pageAt(
  http: Http,
  endpoint: ServiceEndpoint,
  { url, cursor, signal, room }: PageRequest,
): Promise<Page | undefined> {
  try {
    const within = atPage(endpoint.baseUrl, cursor);
    const options = { url, within, timeoutMs: 0, signal, maxBytes: room };
    const text = await getText(http, endpoint, options);
    const { models, ends, isEmpty } = await readModelPage(text, endpoint);
    const { protocol, baseUrl } = endpoint;
    const first = wireOf(endpoint).modelsUrl(baseUrl);
    const next = nextPage(ends, { url: first, protocol, last: models.at(-1)?.id });
    return { models, isEmpty, bytes: Buffer.byteLength(text), next };
  } catch (error) {
    if (error instanceof RequestError && cursor.size > 0) {
      return undefined;
    }
    throw error;
  }
}

type TextOptions = ListOptions & {
  readonly url: string;
  /** The endpoint, with the page that is wanted of it. */
  readonly within?: string;
  readonly maxBytes?: number;
};

/**
 * What an endpoint answers to a GET with the credential.
 * @throws RequestError when it is no success
 */
export function getText(
  http: Http,
  endpoint: ServiceEndpoint,
  { url, within = endpoint.baseUrl, timeoutMs, signal, maxBytes = LONGEST_LIST }: TextOptions,
): Promise<string> {
  return withDeadline(timeoutMs, signal, async (deadline) => {
    const headers = requestHeaders(endpoint, { userAgent: http.userAgent, hasBody: false });
    const secrets = sentSecrets(endpoint);
    const request = { method: "GET", url, within, headers, secrets } as const;
    const answer = await send(http, request, { timeoutMs: 0, signal: deadline, isStream: true });
    await checkAnswer(answer, http, endpoint.failureRows);
    return readText(answer, maxBytes);
  });
}
