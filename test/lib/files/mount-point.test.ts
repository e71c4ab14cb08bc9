import { expect, test } from "bun:test";
import { isMountPoint, mountPoints } from "../../../src/lib/files/mount-point.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

test("mountPoints() undoes the escapes of odd names", () => {
  const lines = [
    "36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw,errors=continue",
    "40 35 254:0 /a/b /home/me/my\\040files/settings.json rw - ext4 /dev/vda rw",
    "41 35 254:0 /c /tab\\011line\\012back\\134slash rw - ext4 /dev/vda rw",
    "",
  ];
  expect([...mountPoints(lines.join("\n"))].filter((path) => path !== "")).toEqual([
    "/mnt2",
    "/home/me/my files/settings.json",
    "/tab\tline\nback\\slash",
  ]);
});

test.if(process.platform === "linux")("isMountPoint() knows what is mounted here", () => {
  expect(isMountPoint("/proc")).toBe(true);
  expect(isMountPoint(temporaryDirectory())).toBe(false);
});
