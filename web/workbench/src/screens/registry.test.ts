import { describe, expect, it } from "vitest";
import { familyOf, navigation, screens } from "./all";
import { mayOpen, navGroups, type Screen } from "./registry";

const load = async () => ({ default: () => null });
const some: Screen[] = [
  { path: "b", title: "乙", load, nav: { group: "整改", order: 20 } },
  { path: "a", title: "甲", load, roles: ["OFF"], nav: { group: "整改", order: 10 } },
  { path: "a/$id", title: "甲一", load, roles: ["OFF"] },
  { path: "todo", title: "我的待办", load, nav: { group: "我的待办", order: 10 } },
];

describe("navigation", () => {
  it("shows groups and entries in their order, and no screen without an entry", () => {
    expect(
      navigation("OFF", {}, some).map(({ group, entries }) => [
        group,
        entries.map(({ screens: [first] }) => first.path),
      ]),
    ).toEqual([
      ["我的待办", ["todo"]],
      ["整改", ["a", "b"]],
    ]);
  });

  it("has one entry for a family, which leads to the first that the role may open", () => {
    const family: Screen[] = [
      { path: "letters", title: "文书", roles: ["OFF"], load, nav: { group: "整改", order: 10, family: "催办督办" } },
      { path: "board", title: "台账", load, nav: { group: "整改", order: 20, family: "催办督办" } },
    ];
    expect(navigation("OFF", {}, family)[0]?.entries).toEqual([{ label: "催办督办", screens: family }]);
    expect(navigation("DISC", {}, family)[0]?.entries).toEqual([{ label: "台账", screens: [family[1]] }]);
    expect(familyOf(family[0], "OFF", family)).toEqual(family);
    expect(familyOf(family[1], "DISC", family)).toEqual([]);
  });

  it("never shows an entry that the role cannot open", () => {
    const entries = navigation("UNIT", {}, some).flatMap((each) => each.entries.flatMap((entry) => entry.screens));
    expect(entries.map((each) => each.path)).toEqual(["todo", "b"]);
    expect(entries.every((each) => mayOpen(each, "UNIT"))).toBe(true);
  });
});

describe("an entry for a part that not every office has", () => {
  const raised = (parts: Parameters<typeof navigation>[1]) =>
    navigation("OFF", parts).some(({ entries }) => entries.some(({ label }) => label === "延期报批"));

  it("stands there only where the office has something of it", () => {
    expect(raised({ raised_extensions: true })).toBe(true);
    expect(raised({ raised_extensions: false })).toBe(false);
    expect(raised({})).toBe(false);
  });
});

describe("the screens of all rooms", () => {
  it("have addresses of their own", () => {
    const paths = screens.map((each) => each.path.replace(/\$\w+/g, "$"));
    expect(paths).toEqual([...new Set(paths)]);
  });

  it("give every role at most ten first-level entries, and a group at most ten", () => {
    for (const role of ["OFF", "DIR", "LDR", "UNIT", "DISC", "CITY", "PROV", "LG"] as const) {
      const all = navigation(role, { raised_extensions: true });
      expect(all.length).toBeLessThanOrEqual(10);
      for (const { entries } of all) expect(entries.length).toBeLessThanOrEqual(10);
    }
    expect(navGroups).toHaveLength(new Set(navGroups).size);
  });
});
