import { beforeEach, describe, expect, it, vi } from "vitest";
import { callNote } from "./bridge/commands";
import { LONGEST, NoteDrafts, plain } from "./notes.svelte";

vi.mock("./bridge/commands", () => ({ callNote: vi.fn() }));
const write = vi.mocked(callNote);
const done = { done: {} } as Awaited<ReturnType<typeof callNote>>;
const conflict = {
  conflict: { now: "record 2", fields: [{ name: "備考", seen: '"a"', now: '"theirs"', wanted: '"mine"' }] },
};

beforeEach(() => {
  write.mockReset();
});

describe("a note", () => {
  it("is kept as a draft of its call, with the record that was looked at", async () => {
    const drafts = new NoteDrafts();
    const note = drafts.of("a");
    note.open("old", "record 1");
    note.text = "mine";
    note.leave();
    drafts.of("b").open(null, "other");
    expect(drafts.of("b").text).toBe("");
    // Meanwhile the record was read anew.
    drafts.of("a").open("newer", "record 2");
    expect(note.text).toBe("mine");
    write.mockResolvedValue(done);
    await note.save();
    expect(write).toHaveBeenCalledWith("a", "mine", "record 1");
  });

  it("begins anew where nothing was written", () => {
    const note = new NoteDrafts().of("a");
    note.open("old", "record 1");
    note.leave();
    note.open("newer", "record 2");
    expect(note.text).toBe("newer");
  });

  it("is sent once on a double press", async () => {
    const note = new NoteDrafts().of("a");
    note.open(null, null);
    note.text = "mine";
    write.mockResolvedValue(done);
    const both = await Promise.all([note.save(), note.save()]);
    expect(write).toHaveBeenCalledTimes(1);
    expect(both).toEqual([{ former: "" }, null]);
    expect(note.isOpen).toBe(false);
    expect(note.isKept).toBe(false);
  });

  it("is not sent where it is too long, counted in characters", async () => {
    const note = new NoteDrafts().of("a");
    note.open(null, null);
    note.text = "𠮷".repeat(LONGEST);
    expect(note.isTooLong).toBe(false);
    note.text += "a";
    expect(note.isTooLong).toBe(true);
    await note.save();
    expect(write).not.toHaveBeenCalled();
  });

  it("is not written over another's before one says so; undo then brings theirs back", async () => {
    const note = new NoteDrafts().of("a");
    note.open("a", "record 1");
    note.text = "mine";
    write.mockResolvedValueOnce(conflict);
    expect(await note.save()).toBeNull();
    expect(note.conflict).toEqual(conflict.conflict);
    write.mockResolvedValueOnce(done);
    expect(await note.overwrite()).toEqual({ former: "theirs" });
    expect(write).toHaveBeenLastCalledWith("a", "mine", "record 2");
  });

  it("stays open with its text where nobody knows whether it arrived, and is not sent again by itself", async () => {
    const note = new NoteDrafts().of("a");
    note.open("a", "record 1");
    note.text = "mine";
    const problem = { code: "unknown_outcome", reason: "outcome_unknown", words: "", message: "", wait_seconds: null };
    write.mockRejectedValue(Object.assign(new Error(), problem));
    await note.save();
    expect(note.problem).toMatchObject(problem);
    expect([note.isOpen, note.text, note.isKept]).toEqual([true, "mine", true]);
    note.leave();
    note.open("a", "record 1");
    expect(note.text).toBe("mine");
    expect(write).toHaveBeenCalledTimes(1);
  });

  it("is not put back over what is being written by now", async () => {
    const note = new NoteDrafts().of("a");
    note.open("mine", "record 2");
    note.text = "more";
    expect(await note.restore("old", "mine")).toBe("being_written");
    expect(note.text).toBe("more");
    expect(write).not.toHaveBeenCalled();
  });
});

it("reads a text of a record, and leaves anything else as it came", () => {
  expect(plain('"a\\nb"')).toBe("a\nb");
  expect(plain("9007199254740993")).toBe("9007199254740993");
  expect(plain("null")).toBe("null");
  expect(plain("not json")).toBe("not json");
});
