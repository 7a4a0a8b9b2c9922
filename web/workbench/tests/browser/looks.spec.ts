import { expect, row, test } from "./people";

test("the county reads who of the city looked at one of its items", async ({ as }) => {
  const helan = await as("helan");
  await helan.goto("/w/jingyuan/ledger?below=qingyu&q=QY-06-02-017");
  await helan.getByRole("link", { name: "QY-06-02-017" }).first().click();
  await expect(helan.getByRole("heading", { level: 1 })).toContainText("QY-06-02-017");

  const director = await as("guxiaolan");
  await director.goto("/w/qingyu/looks?from=jingyuan");
  const look = director.locator("[data-object]", { hasText: "贺岚" }).first();
  await expect(look).toContainText("QY-06-02-017");
  await expect(look).toContainText("上级查看");
  await expect(director.getByRole("table").first()).toContainText("靖原市");
  await look.getByRole("link", { name: "QY-06-02-017" }).click();
  await expect(director.getByRole("heading", { level: 1 })).toContainText("QY-06-02-017");

  const neighbour = await as("luojingzhi");
  await neighbour.goto("/w/songdu/looks");
  await expect(neighbour.getByRole("heading", { level: 1 })).toContainText("上级查阅");
  await expect(row(neighbour, "QY-06-02-017")).toHaveCount(0);
});
