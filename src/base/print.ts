// Prints arrays as NumPy does: nested brackets, columns that align, long rows wrapped, the middle of large arrays left out.
import { computed, type DType } from "./dtype.js";
import { sizeOf, type Shape } from "./shape.js";

/** Arrays of more elements show EDGE items at each end of every axis that is longer than two edges. */
const LARGE = 1000;
const EDGE = 3;
/** Columns of a line. */
const WIDTH = 75;
/** Digits behind the point. */
const PRECISION = 8;

/** The values in brackets; lines after the first are indented by `indent` and a space for each bracket. */
export function printArray(data: ArrayLike<number>, shape: Shape, dtype: DType, indent = 0): string {
  const shorten = sizeOf(shape) > LARGE;
  const picked: number[] = [];
  visit(shape, 0, 0, shorten, (index) => picked.push(data[index]!));
  const cells = CELLS[computed(dtype)]!(picked);
  const width = cells.reduce((max, cell) => Math.max(max, cell.length), 0);
  let next = 0;
  const build = (axis: number): string => {
    if (axis === shape.length) return cells[next++]!.padStart(width);
    const items = shown(shape[axis]!, shorten).map((i) => (i < 0 ? "..." : build(axis + 1)));
    const margin = " ".repeat(indent + axis + 1);
    const last = axis === shape.length - 1;
    return `[${last ? wrapped(items, margin) : items.join(`,${"\n".repeat(shape.length - 1 - axis)}${margin}`)}]`;
  };
  return build(0);
}

/** Items of a row, in lines that end before WIDTH. */
function wrapped(items: readonly string[], margin: string): string {
  const lines: string[] = [];
  let line = "";
  items.forEach((item, i) => {
    const text = i === items.length - 1 ? item : `${item},`;
    if (line !== "" && margin.length + line.length + 1 + text.length >= WIDTH) {
      lines.push(line);
      line = text;
    } else line = line === "" ? text : `${line} ${text}`;
  });
  return [...lines, line].join(`\n${margin}`);
}

const CELLS: Readonly<Partial<Record<DType, (values: readonly number[]) => string[]>>> = {
  int32: (values) => values.map(String),
  bool: (values) => values.map((x) => (x === 0 ? "false" : "true")),
  float32: floats,
};

/** Floats in one form for all: as few digits as tell the float32, at most PRECISION behind the point, points under points. */
function floats(values: readonly number[]): string[] {
  const sizes = values.map(Math.abs).filter((x) => Number.isFinite(x) && x > 0);
  const most = Math.max(...sizes, 0);
  const least = Math.min(...sizes, Infinity);
  const exponential = sizes.length > 0 && (most >= 1e8 || least < 1e-4 || most / least > 1000);
  const texts = values.map((x) => (Number.isFinite(x) ? (exponential ? scientific(x) : positional(x)) : null));
  // Behind the point: blanks in plain numbers, zeros where an exponent follows.
  const behind = texts.reduce((max, text) => Math.max(max, text === null ? 0 : fractionOf(text).length), 0);
  return values.map((x, i) => {
    const text = texts[i];
    if (text === null || text === undefined) return Number.isNaN(x) ? "nan" : x > 0 ? "inf" : "-inf";
    const [whole, rest] = text.split(".") as [string, string];
    if (!exponential) return `${whole}.${rest.padEnd(behind)}`;
    const [fraction, power] = rest.split("e") as [string, string];
    return `${whole}.${fraction.padEnd(behind, "0")}e${power}`;
  });
}

function fractionOf(text: string): string {
  return text.split(".")[1]!.split("e")[0]!;
}

/** "2.5", "-3." */
function positional(x: number): string {
  const [whole, fraction = ""] = Number(x.toPrecision(digitsOf(x))).toFixed(PRECISION).split(".");
  return `${Object.is(x, -0) ? "-0" : whole}.${fraction.replace(/0+$/, "")}`;
}

/** "1.5e+09", "-2.e-05" */
function scientific(x: number): string {
  const [mantissa, power] = x.toExponential(Math.min(PRECISION, digitsOf(x) - 1)).split("e") as [string, string];
  const [whole, fraction = ""] = mantissa.split(".");
  return `${Object.is(x, -0) ? "-0" : whole}.${fraction.replace(/0+$/, "")}e${power[0]}${power.slice(1).padStart(2, "0")}`;
}

/** How many digits give this float32 again. */
function digitsOf(x: number): number {
  let digits = 1;
  while (digits < 9 && Math.fround(Number(x.toPrecision(digits))) !== Math.fround(x)) digits++;
  return digits;
}

/** Nested arrays of the values, row-major; the value itself for a scalar. */
export function nest<T>(data: ArrayLike<number>, shape: Shape, read: (x: number) => T): NestedOf<T> {
  let next = 0;
  const build = (axis: number): NestedOf<T> =>
    axis === shape.length ? read(data[next++]!) : Array.from({ length: shape[axis]! }, () => build(axis + 1));
  return build(0);
}

export type NestedOf<T> = T | NestedOf<T>[];

function visit(shape: Shape, axis: number, offset: number, shorten: boolean, each: (index: number) => void): void {
  if (axis === shape.length) {
    each(offset);
    return;
  }
  const step = shape.slice(axis + 1).reduce((size, dim) => size * dim, 1);
  for (const i of shown(shape[axis]!, shorten)) if (i >= 0) visit(shape, axis + 1, offset + i * step, shorten, each);
}

/** Indices along an axis, −1 for what is left out. */
function shown(length: number, shorten: boolean): number[] {
  if (!shorten || length <= 2 * EDGE) return Array.from({ length }, (_, i) => i);
  return [0, 1, 2, -1, ...Array.from({ length: EDGE }, (_, i) => length - EDGE + i)];
}
