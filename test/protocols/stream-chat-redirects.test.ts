import { describe, expect, test } from "bun:test";
import { ANTHROPIC, GEMINI, OPENAI, SPEECHES } from "../support/model-answers.ts";
import { answer, scriptedServer, stream } from "../support/scripted-server.ts";
import { ask, KEY, textOf } from "./ask.ts";

const OK = stream([OPENAI.text("Hello"), OPENAI.finish]);

function redirect(location: string, status = 307) {
  return answer(status, "moved", { location });
}

describe("streamChat() follows a redirect to the same origin", () => {
  test.each([301, 302, 307, 308])("with its body: %p", async (status) => {
    const { origin, requests } = await scriptedServer(redirect("/v2/chat?x=1", status), OK);
    expect(textOf((await ask({ origin })).events)).toBe("Hello");
    const [first, second] = requests;
    expect(requests.map(({ method, path }) => [method, path])).toEqual([
      ["POST", "/v1/chat/completions"],
      ["POST", "/v2/chat?x=1"],
    ]);
    expect(second?.body).toBe(first?.body ?? "");
    expect(second?.headers).toEqual(first?.headers ?? {});
  });

  test("without its body for 303", async () => {
    const { origin, requests } = await scriptedServer(redirect("result", 303), OK);
    expect(textOf((await ask({ origin })).events)).toBe("Hello");
    expect(requests[1]).toMatchObject({ method: "GET", path: "/v1/chat/result", body: "" });
    expect(Object.keys(requests[1]?.headers ?? {})).not.toContain("content-type");
    expect(requests[1]?.headers.authorization).toBe(`Bearer ${KEY}`);
  });

  test("by its whole address, three times", async () => {
    const { origin, requests } = await scriptedServer(
      redirect("/1"),
      redirect("/2"),
      redirect("/3"),
      OK,
    );
    expect(textOf((await ask({ origin })).events)).toBe("Hello");
    expect(requests).toHaveLength(4);
  });

  test("not a fourth time", async () => {
    const { origin, requests } = await scriptedServer(redirect("/again"));
    expect(await ask({ origin })).toEqual({
      events: [],
      failure: {
        kind: "redirected",
        status: 307,
        message: `${origin} redirects more than 3 times`,
      },
      delays: [],
    });
    expect(requests).toHaveLength(4);
  });
});

describe("streamChat() sends nothing at all to another origin:", () => {
  const bearer = { value: KEY, scheme: "bearer" } as const;
  const key = { value: KEY, scheme: "key" } as const;
  const cases = [
    ["a key of OpenAI", OPENAI, { credential: key }],
    ["a key of Anthropic", ANTHROPIC, { credential: key }],
    ["a token of Anthropic", ANTHROPIC, { credential: bearer }],
    ["a key of Gemini", GEMINI, { credential: key }],
    ["a header of the user's", OPENAI, { credential: undefined, customHeaders: { "x-own": KEY } }],
    ["not even a prompt", OPENAI, { credential: undefined }],
  ] as const;
  test.each(cases)("%s", async (_name, speech, endpoint) => {
    for (const status of [301, 302, 303, 307, 308]) {
      const other = await scriptedServer(OK);
      const { origin, requests } = await scriptedServer(redirect(`${other.origin}/v1`, status), OK);
      expect(await ask({ origin, speech, endpoint })).toEqual({
        events: [],
        failure: {
          kind: "redirected",
          status,
          message: `${origin} redirects to ${other.origin}, where no key is sent`,
        },
        delays: [],
      });
      expect(requests).toHaveLength(1);
      expect(other.requests).toEqual([]);
    }
  });

  test.each(SPEECHES)("after a redirect that was followed ($protocol)", async (speech) => {
    const other = await scriptedServer(OK);
    const { origin, requests } = await scriptedServer(redirect("/x"), redirect(other.origin), OK);
    expect((await ask({ origin, speech })).failure?.kind).toBe("redirected");
    expect(requests).toHaveLength(2);
    expect(other.requests).toEqual([]);
  });

  test.each([
    ["another host", "http://localhost:PORT/v1", "http://localhost:PORT"],
    ["another scheme", "https://127.0.0.1:PORT/v1", "https://127.0.0.1:PORT"],
    ["an address without a scheme", "//localhost:PORT/v1", "http://localhost:PORT"],
    ["what is no URL", "http://:0", "a place that is no web address"],
    ["a file", "file:///etc/passwd", "a place that is no web address"],
  ])("%s", async (_name, location, where) => {
    const at = { origin: "" };
    const { origin, requests } = await scriptedServer((socket) =>
      redirect(location.replace("PORT", new URL(at.origin).port))(socket),
    );
    at.origin = origin;
    const place = where.replace("PORT", new URL(origin).port);
    expect((await ask({ origin })).failure).toEqual({
      kind: "redirected",
      status: 307,
      message: `${origin} redirects to ${place}, where no key is sent`,
    });
    expect(requests).toHaveLength(1);
  });
});
