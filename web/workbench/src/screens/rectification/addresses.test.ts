// @vitest-environment jsdom

import { describe, expect, it } from "vitest";
import { itemHref, ledgerHref } from "./addresses";

describe("the address of an item", () => {
  it("keeps whose ledger is looked at", () => {
    expect(itemHref({ office: "jingyuan", below: "qingyu" }, "7")).toBe("/w/jingyuan/ledger/7?below=qingyu");
    expect(itemHref({ office: "jingyuan", below: "qingyu" }, "7", { tab: "evidence" })).toBe(
      "/w/jingyuan/ledger/7?tab=evidence&below=qingyu",
    );
    expect(itemHref({ office: "qingyu", below: undefined }, "7")).toBe("/w/qingyu/ledger/7");
  });
});

describe("the ledger behind a figure", () => {
  it("asks what the figure counts", () => {
    expect(ledgerHref("jingyuan", "qingyu", { state: "open" })).toBe("/w/jingyuan/ledger?below=qingyu&state=open");
  });
  it("says that it is the whole one, so that nothing last used is put in", () => {
    expect(ledgerHref("qingyu", "qingyu")).toBe("/w/qingyu/ledger?view=none");
    expect(ledgerHref("jingyuan", "qingyu")).toBe("/w/jingyuan/ledger?below=qingyu&view=none");
  });
});
