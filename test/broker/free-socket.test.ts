import { describe, expect, test } from "bun:test";
import { existsSync, lstatSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { freeSocket, isListening } from "../../src/broker/free-socket.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";

/** A socket that somebody listens on; `leave` ends them as a kill does, and leaves the socket. */
async function listening(path: string) {
  const script = `require("node:net").createServer().listen(process.argv[1], () => console.log("on"))`;
  const child = Bun.spawn([process.execPath, "-e", script, path], { stdout: "pipe" });
  await child.stdout.getReader().read();
  return {
    leave: async () => {
      child.kill("SIGKILL");
      await child.exited;
    },
  };
}

const refusal = (path: string, why: string) => ({
  message: `Cannot listen on ${path}: ${why}`,
  code: "cannot-listen",
  hint: "name another path with `--listen unix:PATH`",
});

describe("freeSocket()", () => {
  test("has nothing to do where nothing is", async () => {
    const path = join(temporaryDirectory(), "s");
    expect(await freeSocket(path)).toBeUndefined();
    expect(existsSync(path)).toBe(false);
  });

  test("leaves a socket to whoever listens, and removes it once nobody does", async () => {
    const path = join(temporaryDirectory(), "s");
    const other = await listening(path);
    expect(await isListening({ unix: path })).toBe(true);
    await expect(freeSocket(path)).rejects.toMatchObject(
      refusal(path, "another program listens there"),
    );
    expect(lstatSync(path).isSocket()).toBe(true);
    await other.leave();
    expect(await isListening({ unix: path })).toBe(false);
    expect(lstatSync(path).isSocket()).toBe(true);
    await freeSocket(path);
    expect(existsSync(path)).toBe(false);
  });

  test("leaves a file and a link as they are", async () => {
    const directory = temporaryDirectory();
    const [file, link] = [join(directory, "file"), join(directory, "link")];
    writeFileSync(file, "mine\n");
    symlinkSync(join(directory, "gone"), link);
    for (const path of [file, link]) {
      await expect(freeSocket(path)).rejects.toMatchObject(
        refusal(path, "something else stands there"),
      );
    }
    expect(readFileSync(file, "utf8")).toBe("mine\n");
    expect(lstatSync(link).isSymbolicLink()).toBe(true);
  });
});

test("isListening() asks a port as well", async () => {
  const server = Bun.listen({ hostname: "127.0.0.1", port: 0, socket: { data: () => undefined } });
  const address = { hostname: "127.0.0.1", port: server.port };
  expect(await isListening(address)).toBe(true);
  server.stop(true);
  expect(await isListening(address)).toBe(false);
});
