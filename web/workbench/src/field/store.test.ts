import "fake-indexeddb/auto";
import { beforeEach, expect, test } from "vitest";
import {
  changeEntry,
  clearField,
  type Entry,
  keepOwner,
  keepVisits,
  type Owner,
  readEntries,
  readOwner,
  readVisits,
  unsent,
  type Visit,
} from "./store";

const at = (office: string, member: string, grant = "g"): Owner => ({ office, member, name: member, grant, offset: 0 });
const write = (office: string, member: string, visit: string) =>
  changeEntry(member, visit, () => ({ office, member, visit, writer: member, shots: [] }) as unknown as Entry);
const written = async () => (await readEntries()).map(({ member, visit }) => `${member} ${visit}`).sort();

beforeEach(async () => {
  await clearField(["he", "he-elsewhere", "peng"]);
});

test("another office, a new grant and another person take nothing away", async () => {
  await keepOwner(at("qingyu", "he"));
  await keepVisits("qingyu", [{ id: "v" } as Visit]);
  await write("qingyu", "he", "v");
  await keepOwner(at("shiqiaoling", "he-elsewhere"));
  await write("shiqiaoling", "he-elsewhere", "w");
  await keepOwner(at("qingyu", "he", "renewed"));
  expect([await readVisits("qingyu"), (await readOwner("qingyu"))?.grant]).toEqual([[{ id: "v" }], "renewed"]);

  // The second inspector of the same visit, on the same phone: own words, and not the other's visits.
  await keepOwner(at("qingyu", "peng"));
  await write("qingyu", "peng", "v");
  expect(await written()).toEqual(["he v", "he-elsewhere w", "peng v"]);
  expect(await readVisits("qingyu")).toEqual([]);
});

test("who leaves takes the own words of all offices along, and nobody else's", async () => {
  await keepOwner(at("qingyu", "he"));
  await keepOwner(at("shiqiaoling", "peng"));
  await keepVisits("qingyu", [{ id: "v" } as Visit]);
  await write("qingyu", "he", "v");
  await write("shiqiaoling", "he-elsewhere", "w");
  await write("qingyu", "peng", "v");
  expect(await unsent(["he", "he-elsewhere"])).toBe(2);
  await clearField(["he", "he-elsewhere"]);
  expect(await written()).toEqual(["peng v"]);
  expect([await readOwner("qingyu"), await readVisits("qingyu")]).toEqual([undefined, []]);
  expect((await readOwner("shiqiaoling"))?.member).toBe("peng");
});
