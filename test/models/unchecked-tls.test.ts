import { expect, test } from "bun:test";
import { uncheckedTls } from "../../src/models/unchecked-tls.ts";

const [NODE, OURS] = ["NODE_TLS_REJECT_UNAUTHORIZED", "QWEN_TLS_INSECURE"];

test.each<[object, readonly string[]]>([
  [{}, []],
  [{ [NODE]: "0" }, [NODE]],
  [{ [NODE]: "1" }, []],
  [{ [NODE]: "" }, []],
  [{ [OURS]: "1" }, [OURS]],
  [{ [OURS]: "0" }, []],
  [{ [OURS]: "false" }, []],
  [{ [NODE]: "0", [OURS]: "true" }, [NODE, OURS]],
])("uncheckedTls(%j) is %j", (env, names) => {
  expect(uncheckedTls(env as never)).toEqual([...names]);
});
