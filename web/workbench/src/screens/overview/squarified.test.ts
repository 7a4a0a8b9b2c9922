import { describe, expect, it } from "vitest";
import { squarified } from "./squarified";

const box = { x: 10, y: 20, width: 600, height: 400 };
const area = ({ width, height }: { width: number; height: number }) => width * height;

describe("squarified", () => {
  it("gives areas as the sizes, which fill the box and do not overlap", () => {
    for (const sizes of [[49, 46, 45, 22, 12], [6, 6, 4, 3, 2, 2, 1], [1], [5, 0, 3], [1, 100]]) {
      const whole = sizes.reduce((a, b) => a + b, 0);
      const boxes = squarified(sizes, box);
      boxes.forEach((each, i) => {
        expect(area(each)).toBeCloseTo(((sizes[i] ?? 0) / whole) * area(box), 4);
        expect(each.x).toBeGreaterThanOrEqual(box.x - 1e-6);
        expect(each.y).toBeGreaterThanOrEqual(box.y - 1e-6);
        expect(each.x + each.width).toBeLessThanOrEqual(box.x + box.width + 1e-6);
        expect(each.y + each.height).toBeLessThanOrEqual(box.y + box.height + 1e-6);
      });
      for (const [i, a] of boxes.entries()) {
        for (const b of boxes.slice(i + 1)) {
          const across = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
          const down = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
          expect(Math.max(0, across) * Math.max(0, down)).toBeLessThan(1e-6);
        }
      }
    }
  });

  it("is near squares, as in the paper's example", () => {
    const boxes = squarified([6, 6, 4, 3, 2, 2, 1], { x: 0, y: 0, width: 6, height: 4 });
    expect(boxes[0]).toEqual({ x: 0, y: 0, width: 3, height: 2 });
    expect(boxes[1]).toEqual({ x: 0, y: 2, width: 3, height: 2 });
    for (const { width, height } of boxes) expect(Math.max(width / height, height / width)).toBeLessThan(3.1);
  });

  it("has nothing to show of nothing", () => {
    expect(squarified([0, 0], box).map(area)).toEqual([0, 0]);
    expect(squarified([], box)).toEqual([]);
  });
});
