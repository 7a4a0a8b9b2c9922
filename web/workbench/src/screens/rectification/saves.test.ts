// @vitest-environment jsdom
import { describe, expect, it } from "vitest";
import { OwnSaves } from "./saves";

/** Saves of one row; each answers with the version it makes, and tells on which it was sent. */
function row() {
  const own = new OwnSaves();
  const sent: number[] = [];
  const save = (read: number, version?: number) =>
    own.save({ id: "a", version: read }, version, async (on) => {
      sent.push(on);
      return { version: on + 1 };
    });
  return { save, sent };
}

describe("cells of one row", () => {
  it("follow each other while the list is not read again", async () => {
    const { save, sent } = row();
    await save(1);
    await save(1);
    await save(2);
    expect(sent).toEqual([1, 2, 3]);
  });

  it("do not go over what others did between", async () => {
    const { save, sent } = row();
    await save(2); // others made 2 of 1, and it was read before this cell was begun
    await save(1); // begun before that: the service refuses it, and the person sees the differences
    expect(sent).toEqual([2, 1]);
  });

  it("go on after the person has seen the differences", async () => {
    const { save, sent } = row();
    await save(1, 5);
    await save(1);
    await save(5);
    expect(sent).toEqual([5, 1, 6]);
  });
});
