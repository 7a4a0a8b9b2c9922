// A treemap's rectangles: squarified (Bruls, Huizing, van Wijk 2000), so that areas can be compared and labels fit.

/** A rectangle. */
export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** Boxes whose areas are as the sizes, which fill the box between them; a size of zero has no area. Sizes that fall are drawn best. */
export function squarified(sizes: readonly number[], box: Box): Box[] {
  const whole = sizes.reduce((sum, size) => sum + size, 0);
  const out: Box[] = sizes.map(() => ({ x: box.x, y: box.y, width: 0, height: 0 }));
  if (whole <= 0) return out;
  const areas = sizes.map((size) => (size / whole) * box.width * box.height);
  let rest = box;
  for (let from = 0; from < areas.length; ) {
    const side = Math.min(rest.width, rest.height);
    let to = from + 1;
    while (to < areas.length && worst(areas.slice(from, to + 1), side) <= worst(areas.slice(from, to), side)) to++;
    rest = strip(areas.slice(from, to), rest, (i, placed) => {
      out[from + i] = placed;
    });
    from = to;
  }
  return out;
}

// The least square of a strip along a side, as long to short.
function worst(areas: readonly number[], side: number): number {
  const sum = areas.reduce((a, b) => a + b, 0);
  if (sum === 0 || side === 0) return Number.POSITIVE_INFINITY;
  const most = (side * side * Math.max(...areas)) / (sum * sum);
  const least = (sum * sum) / (side * side * Math.min(...areas));
  return Math.max(most, least);
}

// Places areas along the shorter side and returns what is left of the box.
function strip(areas: readonly number[], box: Box, place: (i: number, placed: Box) => void): Box {
  const sum = areas.reduce((a, b) => a + b, 0);
  const upright = box.width >= box.height;
  const side = upright ? box.height : box.width;
  const thick = side === 0 ? 0 : sum / side;
  let at = 0;
  areas.forEach((area, i) => {
    const long = thick === 0 ? 0 : area / thick;
    place(
      i,
      upright
        ? { x: box.x, y: box.y + at, width: thick, height: long }
        : { x: box.x + at, y: box.y, width: long, height: thick },
    );
    at += long;
  });
  return upright
    ? { x: box.x + thick, y: box.y, width: box.width - thick, height: box.height }
    : { x: box.x, y: box.y + thick, width: box.width, height: box.height - thick };
}
