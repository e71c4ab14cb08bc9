import {
  CODING_PLAN,
  MODELSTUDIO,
  TOKEN_PLAN,
} from "../../src/auth/providers/alibaba-providers.ts";
import { mappingProxy } from "./mapping-proxy.ts";
import { selfSigned, serveLoopback } from "./tls-server.ts";

const HOSTS = [CODING_PLAN, TOKEN_PLAN, MODELSTUDIO].flatMap(({ endpoints }) =>
  endpoints.map(({ baseUrl }) => new URL(baseUrl).host),
);

/**
 * Alibaba Cloud on loopback, behind its own host names: no lists of models, and each host takes the
 * keys that `accepts` says. `env` leads `qwen` there.
 */
export async function alibaba(accepts: (host: string, key: string) => boolean) {
  const certificate = await selfSigned(HOSTS);
  const { port, seen } = serveLoopback((request) => {
    const { host, pathname } = new URL(request.url);
    const key = request.headers.get("authorization")?.replace("Bearer ", "") ?? "";
    if (!accepts(host, key)) {
      return Response.json({ error: { message: "invalid access token" } }, { status: 401 });
    }
    return pathname.endsWith("/chat/completions")
      ? new Response('data: {"choices":[{"delta":{"content":"H"}}]}\n\n')
      : new Response("", { status: 404 });
  }, certificate);
  const proxy = await mappingProxy(port);
  return {
    seen,
    env: { HTTPS_PROXY: proxy.url, QWEN_CA_CERT: certificate.file, QWEN_OFFLINE: "" },
  };
}
