// @vitest-environment jsdom

import { describe, expect, it } from "vitest";
import { untouched } from "./state";
import { type View, viewQuery, viewState } from "./views";

const view = (query: string): View => ({
  key: "week",
  screen: "rectification.ledger",
  name: "7天内到期",
  query,
  whose: "shipped",
  made_by: "",
  mine: false,
  version: 0,
});

describe("a view", () => {
  it("keeps what is asked and how it is laid out, not where somebody is", () => {
    const state = {
      ...untouched,
      q: "水务",
      filters: { state: ["open", "a,b"] },
      sort: "-due",
      page: 3,
      after: "x",
      open: "y",
      view: "z",
    };
    const query = viewQuery(state, ["number*", "text"]);
    expect(Object.fromEntries(new URLSearchParams(query))).toEqual({
      q: "水务",
      state: "open,a\\,b",
      sort: "-due",
      cols: "number*,text",
    });
    const back = viewState(view(query), { ...untouched, size: 50 }, ["state"]);
    expect(back).toEqual({
      ...untouched,
      q: "水务",
      filters: { state: ["open", "a,b"] },
      sort: "-due",
      cols: ["number*", "text"],
      size: 50,
      view: "week",
    });
  });
  it("that says no columns leaves them, and drops filters the screen does not know", () => {
    const now = { ...untouched, cols: ["number", "due"], tab: "tasks", page: 4, after: "x" };
    expect(viewState(view("due=7d&colour=red"), now, ["due"])).toEqual({
      ...untouched,
      filters: { due: ["7d"] },
      cols: ["number", "due"],
      tab: "tasks",
      view: "week",
    });
  });
});
