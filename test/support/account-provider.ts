import { afterAll } from "bun:test";
import { createServer } from "node:http";
import Provider, { type Configuration } from "oidc-provider";

type Settings = {
  /** Seconds. */
  readonly accessTokenTtl?: number;
  readonly deviceCodeTtl?: number;
  /** Seconds, as the answer names it; the provider itself names none. */
  readonly interval?: number;
  /** What a token answer says of the place for its token. */
  readonly resourceUrl?: string;
};

export type AccountProvider = {
  /** What `QWEN_OAUTH_BASE_URL` is set to. */
  readonly origin: string;
  /** `METHOD path grant_type`, as they came. */
  readonly requests: readonly string[];
  /** The same of those that it refused. */
  readonly refused: readonly string[];
  /** Goes through the pages as a person would who says yes. */
  readonly approve: (verificationUrl: string) => Promise<void>;
  /** The same up to the question, and says no. */
  readonly deny: (verificationUrl: string) => Promise<void>;
};

const CLIENT_ID = "f0304373b74a44d2b584a3fb70ca9e56";
const DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code";
const DEVICE_PATH = "/api/v1/oauth2/device/code";
const TOKEN_PATH = "/api/v1/oauth2/token";

/** A certified OpenID provider whose device flow is at the paths of the account service. */
export async function accountProvider(settings: Settings = {}): Promise<AccountProvider> {
  const { interval = 0.1, resourceUrl } = settings;
  const requests: string[] = [];
  const refused: string[] = [];
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const origin = `http://127.0.0.1:${port}`;
  const provider = quietly(() => new Provider(origin, configuration(settings)));
  provider.use(async (ctx, next) => {
    await next();
    const { body } = ctx;
    const grant = ctx.oidc?.params?.grant_type ?? "";
    const request = `${ctx.method} ${ctx.path} ${grant}`.trim();
    requests.push(request);
    if (ctx.status >= 400) {
      refused.push(request);
    }
    if (ctx.status === 200 && typeof body === "object" && body !== null) {
      const more = ctx.path === DEVICE_PATH ? { interval } : { resource_url: resourceUrl };
      ctx.body = { ...body, ...more };
    }
  });
  server.on("request", provider.callback());
  return {
    origin,
    requests,
    refused,
    approve: async (url) => {
      const browser = createBrowser(origin);
      let page = await browser.open(url);
      page = await browser.submit(page);
      page = await browser.submit(page, { confirm: "yes" });
      page = await browser.submit(page, { login: "somebody", password: "any" });
      page = await browser.submit(page);
      if (!page.html.includes("Sign-in Success")) {
        throw new Error(`The login was not approved:\n${page.html}`);
      }
    },
    deny: async (url) => {
      const browser = createBrowser(origin);
      const page = await browser.submit(await browser.open(url));
      await browser.submit(page, { abort: "yes" });
    },
  };
}

function configuration({ accessTokenTtl = 3600, deviceCodeTtl = 600 }: Settings): Configuration {
  return {
    clients: [
      {
        client_id: CLIENT_ID,
        token_endpoint_auth_method: "none",
        application_type: "native",
        grant_types: [DEVICE_GRANT, "refresh_token"],
        redirect_uris: [],
        response_types: [],
      },
    ],
    scopes: ["openid", "model.completion"],
    claims: { openid: ["sub"], profile: ["name"], email: ["email"] },
    features: { deviceFlow: { enabled: true }, devInteractions: { enabled: true } },
    routes: { device_authorization: DEVICE_PATH, token: TOKEN_PATH },
    cookies: { keys: ["a key for tests"] },
    issueRefreshToken: () => true,
    rotateRefreshToken: true,
    ttl: {
      AccessToken: accessTokenTtl,
      DeviceCode: deviceCodeTtl,
      RefreshToken: 86_400,
      ...{ Session: 600, Interaction: 600, Grant: 86_400, IdToken: 600 },
    },
    findAccount: (_ctx, accountId) => ({ accountId, claims: () => ({ sub: accountId }) }),
  };
}

/** The provider says on the console that its keys are for development, which is what they are. */
function quietly<Value>(make: () => Value): Value {
  const { warn, info } = console;
  console.warn = () => undefined;
  console.info = () => undefined;
  try {
    return make();
  } finally {
    console.warn = warn;
    console.info = info;
  }
}

type Page = { readonly url: string; readonly html: string };

/** As much of a browser as forms and cookies need. */
function createBrowser(origin: string) {
  const cookies = new Map<string, string>();

  async function request(url: string, body?: URLSearchParams): Promise<Page> {
    const cookie = [...cookies].map((pair) => pair.join("=")).join("; ");
    const response = await fetch(url, {
      method: body === undefined ? "GET" : "POST",
      headers: { cookie },
      ...(body === undefined ? {} : { body }),
      redirect: "manual",
    });
    for (const line of response.headers.getSetCookie()) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      cookies.set(name, value);
    }
    const location = response.headers.get("location");
    return location === null
      ? { url, html: await response.text() }
      : request(new URL(location, url).href);
  }

  return {
    open: (url: string) => request(url),
    submit: (page: Page, answers: Readonly<Record<string, string>> = {}) => {
      const [, action = ""] = /<form[^>]*action="([^"]*)"/.exec(page.html) ?? [];
      const fields = [...page.html.matchAll(/<input[^>]*>/g)].map(([input]) => [
        /name="([^"]*)"/.exec(input)?.[1] ?? "",
        /value="([^"]*)"/.exec(input)?.[1] ?? "",
      ]);
      const values = { ...Object.fromEntries(fields), ...answers };
      return request(new URL(action || page.url, origin).href, new URLSearchParams(values));
    },
  };
}
