// @vitest-environment jsdom

import { beforeEach, expect, it } from "vitest";
import { draftKey, forgetDrafts } from "./drafts";

beforeEach(() => localStorage.clear());

it("keeps what others wrote when one leaves, and what is no draft", () => {
  localStorage.setItem(draftKey("g1", "item:1"), "mine");
  localStorage.setItem(draftKey("g2", "plan:1"), "mine in another role");
  localStorage.setItem(draftKey("g10", "item:1"), "another person's");
  localStorage.setItem("xuncha:look", "{}");
  forgetDrafts(["g1", "g2"]);
  expect(Object.keys(localStorage).sort()).toEqual([draftKey("g10", "item:1"), "xuncha:look"].sort());
});

it("has one draft of a name for each authorisation", () => {
  expect(draftKey("g1", "item:1")).not.toBe(draftKey("g2", "item:1"));
});
