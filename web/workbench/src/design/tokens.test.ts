import { describe, expect, it } from "vitest";
import { contrast, dark, light, type Palette } from "./tokens";

const text: [keyof Palette, keyof Palette, number][] = [
  ["ink", "card", 4.5],
  ["ink", "page", 4.5],
  ["ink2", "card", 4.5],
  ["ink2", "band", 4.5],
  ["ink3", "card", 4.5],
  ["ink3", "page", 4.5],
  ["ink", "rowSelected", 4.5],
  ["ink3", "rowHover", 4.5],
  ["inkOff", "card", 3],
  ["field", "card", 3],
  ["blue", "card", 4.5],
  ["blue", "page", 4.5],
  ["blue", "rowSelected", 4.5],
  ["onBlue", "blue", 4.5],
  ["onBlue", "blueHover", 4.5],
  ["focusRing", "card", 3],
  ["focusRing", "focusHalo", 3],
  ["danger", "dangerBg", 4.5],
  ["danger", "card", 4.5],
  ["danger", "rowSelected", 4.5],
  ["warning", "warningBg", 4.5],
  ["success", "successBg", 4.5],
  ["info", "infoBg", 4.5],
  ["neutral", "neutralBg", 4.5],
  ["doubt", "doubtBg", 4.5],
];

describe.each([
  ["light", light],
  ["dark", dark],
])("%s palette", (_, palette) => {
  it.each(text)("%s on %s is at least %s:1", (front, back, least) => {
    expect(contrast(palette[front], palette[back])).toBeGreaterThanOrEqual(least);
  });
});
