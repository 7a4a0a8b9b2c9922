// @vitest-environment jsdom
import { describe, expect, it } from "vitest";
import { OwnSaves } from "./saves";

/** Saves of one row, which stands at a version; the service refuses any other. */
function row(version: number) {
  const own = new OwnSaves();
  const sent: number[] = [];
  const save = (read: number, seen?: number) =>
    own.save({ id: "a", version: read }, seen, async (on) => {
      sent.push(on);
      if (on !== version) throw new Error("stale");
      version++;
      return { version };
    });
  return { save, sent };
}

describe("cells of one row", () => {
  it("follow each other while the list is not read again", async () => {
    const { save, sent } = row(1);
    await save(1);
    await save(1);
    await save(2);
    expect(sent).toEqual([1, 2, 3]);
  });

  it("do not go over what others did between", async () => {
    const { save } = row(2);
    await save(2); // others made 2 of 1, and it was read before this cell was begun
    await expect(save(1)).rejects.toThrow("stale"); // begun before that: the person is shown the differences
  });

  it("go on after the person has seen the differences", async () => {
    const { save, sent } = row(5);
    await expect(save(1)).rejects.toThrow("stale");
    await save(1, 5);
    await expect(save(1)).rejects.toThrow("stale");
    await save(5);
    expect(sent).toEqual([1, 5, 1, 6]);
  });
});
