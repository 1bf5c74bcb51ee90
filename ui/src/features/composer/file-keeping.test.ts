import { expect, test, vi } from "vitest";

const { calls } = vi.hoisted(() => ({ calls: [] as [string, number, number][] }));
vi.mock("../../bridge/commands", () => ({
  fileWrite: (key: string, from: number, bytes: number[]) => {
    calls.push([key, from, bytes.length]);
    return Promise.resolve(null);
  },
  fileKeep: (key: string, name: string) => Promise.resolve({ path: key, name, size: 1, sha256: "ab" }),
}));

const { isAttached, keepFile } = await import("./file-keeping");

/** A file of so many bytes; the one of this test environment cannot be read in pieces. */
const file = (size: number, name: string) => ({
  name,
  size,
  slice: (from = 0, to = size) => {
    const length = Math.max(0, Math.min(to, size) - from);
    return { arrayBuffer: () => Promise.resolve(new ArrayBuffer(length)) } as Blob;
  },
});

test("a file crosses in pieces, one after the other", async () => {
  calls.length = 0;
  const kept = await keepFile(file(600_000, "見積.pdf"), "k1", () => true);
  expect(calls).toEqual([
    ["k1", 0, 524_288],
    ["k1", 524_288, 75_712],
  ]);
  expect(kept?.name).toBe("見積.pdf");
  expect(isAttached(kept)).toBe(true);
});

test("an empty file is told by the program, and one that nobody wants any more is not kept", async () => {
  calls.length = 0;
  await keepFile(file(0, "empty.txt"), "k2", () => true);
  expect(calls).toEqual([["k2", 0, 0]]);
  expect(await keepFile(file(9, "x"), "k3", () => false)).toBeNull();
});
