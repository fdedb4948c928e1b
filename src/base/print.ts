// Prints arrays as NumPy does: nested brackets, aligned columns, the middle of long axes left out.
import type { TypedArray } from "./dtype.js";
import type { Shape } from "./shape.js";

/** Axes longer than this show EDGE items at each end. */
const LONG = 10;
const EDGE = 3;

export function printArray(data: TypedArray, shape: Shape, show: (x: number) => string): string {
  const cells: string[] = [];
  visit(shape, 0, 0, (index) => cells.push(show(data[index]!)));
  const width = cells.reduce((max, cell) => Math.max(max, cell.length), 0);
  let next = 0;
  const build = (axis: number): string => {
    if (axis === shape.length) return cells[next++]!.padStart(width);
    const items: string[] = [];
    for (const i of shown(shape[axis]!)) items.push(i < 0 ? "..." : build(axis + 1));
    const last = axis === shape.length - 1;
    const gap = last ? ", " : `,${"\n".repeat(shape.length - 1 - axis)}${" ".repeat(axis + 1)}`;
    return `[${items.join(gap)}]`;
  };
  return build(0);
}

/** A float with up to eight significant digits, as short as it can be. */
export function showFloat(x: number): string {
  if (!Number.isFinite(x)) return Number.isNaN(x) ? "nan" : x > 0 ? "inf" : "-inf";
  return Number.isInteger(x) && Math.abs(x) < 1e16 ? `${x}.` : String(Number(x.toPrecision(8)));
}

/** Nested arrays of the values, row-major; the value itself for a scalar. */
export function nest<T>(data: ArrayLike<number>, shape: Shape, read: (x: number) => T): NestedOf<T> {
  let next = 0;
  const build = (axis: number): NestedOf<T> =>
    axis === shape.length ? read(data[next++]!) : Array.from({ length: shape[axis]! }, () => build(axis + 1));
  return build(0);
}

export type NestedOf<T> = T | NestedOf<T>[];

function visit(shape: Shape, axis: number, offset: number, each: (index: number) => void): void {
  if (axis === shape.length) {
    each(offset);
    return;
  }
  const step = shape.slice(axis + 1).reduce((size, dim) => size * dim, 1);
  for (const i of shown(shape[axis]!)) if (i >= 0) visit(shape, axis + 1, offset + i * step, each);
}

function shown(length: number): number[] {
  if (length <= LONG) return Array.from({ length }, (_, i) => i);
  return [0, 1, 2, -1, ...Array.from({ length: EDGE }, (_, i) => length - EDGE + i)];
}
