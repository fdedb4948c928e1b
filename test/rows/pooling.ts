// Rows of pooling.
import { OPS } from "../../src/ops/index.js";
import type { AveragePoolAttrs, Pool } from "../../src/ops/pooling.js";
import { build, get, total, type Plain } from "./plain.js";
import { row, type Case, type OpName, type Row } from "./row.js";

/** A pool over any number of axes, in full: pixels of a window, steps, padding and distances, axis by axis. */
interface Windows {
  readonly size: readonly number[];
  readonly strides: readonly number[];
  readonly padding: readonly (readonly [number, number])[];
  readonly dilations: readonly number[];
  readonly ceilMode: boolean;
}

type Given = Omit<AveragePoolAttrs, "poolSize" | "strides" | "padding" | "dilations" | "dataFormat"> & {
  readonly poolSize: number | readonly number[];
  readonly strides?: number | readonly number[];
  readonly padding?: "same" | "valid" | number | readonly (readonly [number, number])[];
  readonly dilations?: number | readonly number[];
  readonly dataFormat?: "channelsFirst";
};

const each = (value: number | readonly number[], rank: number): number[] => (typeof value === "number" ? new Array<number>(rank).fill(value) : [...value]);

function windowsOf(x: Plain, { poolSize, strides = poolSize, padding = "valid", dilations = 1, ceilMode = false }: Given): Windows {
  const rank = x.shape.length - 2;
  const [size, step, spread] = [poolSize, strides, dilations].map((value) => each(value, rank)) as [number[], number[], number[]];
  const side = (axis: number): readonly [number, number] => {
    if (padding === "valid") return [0, 0];
    if (padding !== "same") return typeof padding === "number" ? [padding, padding] : padding[axis]!;
    const need = Math.max(0, (Math.ceil(x.shape[axis + 1]! / step[axis]!) - 1) * step[axis]! + (size[axis]! - 1) * spread[axis]! + 1 - x.shape[axis + 1]!);
    return [need >> 1, need - (need >> 1)];
  };
  return { size, strides: step, padding: size.map((_, axis) => side(axis)), dilations: spread, ceilMode };
}

function outputOf(x: Plain, { size, strides, padding, dilations, ceilMode }: Windows): number[] {
  return size.map((n, axis) => {
    const [before, after] = padding[axis]!;
    const input = x.shape[axis + 1]!;
    const steps = (input + before + after - (n - 1) * dilations[axis]! - 1) / strides[axis]!;
    const count = (ceilMode ? Math.ceil(steps) : Math.floor(steps)) + 1;
    return ceilMode && (count - 1) * strides[axis]! >= input + before ? count - 1 : count;
  });
}

/** f of what each window sees: indices of pixels, and how many taps lie inside the padded image. */
function pooled(x: Plain, windows: Windows, f: (pixels: readonly (readonly number[])[], taps: number) => number): Plain {
  const { size, strides, padding, dilations } = windows;
  return build([x.shape[0]!, ...outputOf(x, windows), x.shape.at(-1)!], ([n, ...rest]) => {
    const channel = rest.pop()!;
    const pixels: number[][] = [];
    let taps = 0;
    build(size, (tap) => {
      const at = tap.map((k, axis) => rest[axis]! * strides[axis]! + k * dilations[axis]! - padding[axis]![0]);
      if (at.every((k, axis) => k < x.shape[axis + 1]! + padding[axis]![1])) taps++;
      if (at.every((k, axis) => k >= 0 && k < x.shape[axis + 1]!)) pixels.push([n!, ...at, channel]);
      return 0;
    });
    return f(pixels, taps);
  });
}

function largest(x: Plain, pixels: readonly (readonly number[])[]): readonly number[] | null {
  return pixels.reduce<readonly number[] | null>((best, at) => {
    if (best === null) return at;
    const [old, value] = [get(x, best), get(x, at)];
    return !Number.isNaN(old) && (Number.isNaN(value) || value > old) ? at : best;
  }, null);
}

const maxima = (x: Plain, windows: Windows): Plain => pooled(x, windows, (pixels) => (pixels.length ? get(x, largest(x, pixels)!) : -Infinity));
const averages = (x: Plain, windows: Windows, counts = false): Plain =>
  pooled(x, windows, (pixels, taps) => total(pixels.map((at) => get(x, at))) / (counts ? taps : pixels.length));

const move = (x: Plain, perm: readonly number[]): Plain => build(perm.map((axis) => x.shape[axis]!), (index) => get(x, perm.map((_, axis) => index[perm.indexOf(axis)]!)));

/** Channels last inside. */
function inFormat(x: Plain, { dataFormat }: { readonly dataFormat?: string }, f: (x: Plain) => Plain): Plain {
  if (!dataFormat) return f(x);
  const pixels = x.shape.map((_, i) => i).slice(2);
  const y = f(move(x, [0, ...pixels, 1]));
  return move(y, [0, y.shape.length - 1, ...y.shape.map((_, i) => i).slice(1, -1)]);
}

const LINES: readonly (readonly [x: readonly number[], attrs: Given])[] = [
  [[2, 9, 3], { poolSize: 3 }],
  [[2, 3, 11], { poolSize: [3], strides: [2], padding: [[1, 1]], dataFormat: "channelsFirst" }],
  [[1, 10, 1], { poolSize: 2, strides: 3, dilations: 2, ceilMode: true }],
  [[1, 8, 2], { poolSize: 3, strides: 2, padding: "same" }],
];

const IMAGES: readonly (readonly [x: readonly number[], attrs: Given])[] = [
  [[2, 6, 8, 3], { poolSize: 2 }],
  [[2, 7, 9, 1], { poolSize: 2 }],
  [[3, 6, 12, 1], { poolSize: 2 }],
  [[1, 4, 4, 8], { poolSize: 2 }],
  [[1, 7, 5, 6], { poolSize: [3, 2], strides: [2, 1], padding: "same" }],
  [[1, 7, 7, 5], { poolSize: 3, strides: 2 }],
  [[1, 5, 5, 2], { poolSize: 2, strides: 3, padding: [[1, 0], [0, 1]] }],
  [[1, 1, 1, 4], { poolSize: 1 }],
  [[1, 4, 4, 33], { poolSize: 4 }],
  [[1, 10, 9, 2], { poolSize: [3, 2], strides: 2, padding: 1, dilations: [2, 1], ceilMode: true }],
  [[2, 5, 5, 3], { poolSize: 2, ceilMode: true }],
  [[1, 2, 7, 8], { poolSize: 3, strides: 2, padding: 1, dataFormat: "channelsFirst" }],
];

const VOLUMES: readonly (readonly [x: readonly number[], attrs: Given])[] = [
  [[2, 4, 4, 4, 2], { poolSize: 2 }],
  [[1, 5, 4, 7, 3], { poolSize: [3, 2, 3], strides: [2, 1, 2], padding: [[1, 1], [0, 1], [1, 0]] }],
  [[1, 2, 5, 4, 4], { poolSize: 2, strides: 2, ceilMode: true, dataFormat: "channelsFirst" }],
];

const SPECIAL: Case<Given> = { inputs: [{ shape: [1, 2, 4, 1], values: [1, NaN, 3, -Infinity, 2, 0, 1, -Infinity] }], attrs: { poolSize: 2 }, special: true };

function maxPool(op: OpName, list: typeof LINES, more: readonly Case<Given>[] = []): Row {
  const apply = OPS[op] as (...args: unknown[]) => ReturnType<typeof OPS.maxPool2d>;
  return row<Given>({
    op,
    apply: ([x], attrs) => apply(x, attrs),
    reference: ([x], attrs) => inFormat(x!, attrs, (y) => maxima(y, windowsOf(y, attrs))),
    tolerance: [0, "a pixel is picked, not computed"],
    domain: [-2, 2],
    cases: [...list.map(([shape, attrs]) => ({ inputs: [{ shape }], attrs })), ...more],
  });
}

function averagePool(op: OpName, list: typeof LINES): Row {
  const apply = OPS[op] as (...args: unknown[]) => ReturnType<typeof OPS.averagePool2d>;
  return row<Given>({
    op,
    apply: ([x], attrs) => apply(x, attrs),
    reference: ([x], attrs) => inFormat(x!, attrs, (y) => averages(y, windowsOf(y, attrs), attrs.countIncludePad)),
    tolerance: [5e-7, "up to 18 terms"],
    domain: [-2, 2],
    cases: list.flatMap(([shape, attrs]) => [false, true].map((countIncludePad) => ({ inputs: [{ shape }], attrs: { ...attrs, countIncludePad } }))),
  });
}

/** Ties: the first pixel of a window in row-major order takes all; those are pixels 0, 3, 8 and 10. */
const TIED = [5, 5, 1, 7, 5, 5, 7, 7, 9, 1, 4, 4, 1, 2, 4, 4];
const FIRSTS = [0, 3, 8, 10];
const TWO: Pool = { poolSize: [2, 2], strides: [2, 2], padding: [[0, 0], [0, 0]], dilations: [1, 1], outputSize: [2, 2] };
const OVERLAPPING: Pool = { poolSize: [3, 2], strides: [1, 2], padding: [[1, 0], [0, 1]], dilations: [1, 1], outputSize: [4, 2] };

const fullOf = ({ poolSize, strides, padding, dilations }: Pool): Windows => ({ size: poolSize, strides, padding, dilations, ceilMode: false });

function overPixels(op: OpName, f: (list: readonly number[]) => number, tolerance: readonly [number, string]): Row {
  const apply = OPS[op] as (...args: unknown[]) => ReturnType<typeof OPS.globalMaxPool>;
  return row<{ keepDims?: boolean; dataFormat?: "channelsFirst" }>({
    op,
    apply: ([x], attrs) => apply(x, attrs),
    reference: ([x], { keepDims, dataFormat }) => {
      const first = dataFormat ? x! : move(x!, [0, x!.shape.length - 1, ...x!.shape.map((_, i) => i).slice(1, -1)]);
      const pixels = first.shape.slice(2);
      const y = build(first.shape.slice(0, 2), (index) => f(build(pixels, (at) => get(first, [...index, ...at])).data));
      const ones = pixels.map(() => 1);
      return { shape: !keepDims ? y.shape : dataFormat ? [...y.shape, ...ones] : [y.shape[0]!, ...ones, y.shape[1]!], data: y.data };
    },
    tolerance,
    domain: [-2, 2],
    cases: [
      { inputs: [{ shape: [2, 3, 5, 4] }], attrs: {} },
      { inputs: [{ shape: [2, 3, 4, 5] }], attrs: { keepDims: true } },
      { inputs: [{ shape: [2, 3, 5] }], attrs: { dataFormat: "channelsFirst" } },
      { inputs: [{ shape: [1, 3, 2, 2, 3] }], attrs: { dataFormat: "channelsFirst", keepDims: true } },
    ],
  });
}

export const POOLING: readonly Row[] = [
  maxPool("maxPool1d", LINES),
  maxPool("maxPool2d", IMAGES, [SPECIAL]),
  maxPool("maxPool3d", VOLUMES),
  averagePool("averagePool1d", LINES),
  averagePool("averagePool2d", IMAGES),
  averagePool("averagePool3d", VOLUMES),
  overPixels("globalMaxPool", (list) => Math.max(...list), [0, "a pixel is picked, not computed"]),
  overPixels("globalAveragePool", (list) => total(list) / list.length, [5e-7, "up to 15 terms"]),
  row<Pool>({
    op: "maxPool2dGrad",
    apply: ([x, dy], pool) => OPS.maxPool2dGrad(x!, dy!, pool),
    reference: ([x, dy], pool) => {
      const data = new Array<number>(x!.data.length).fill(0);
      let j = 0;
      pooled(x!, fullOf(pool), (pixels) => {
        const at = largest(x!, pixels)!;
        data[at.reduce((offset, k, axis) => offset * x!.shape[axis]! + k, 0)]! += dy!.data[j++]!;
        return 0;
      });
      return { shape: x!.shape, data };
    },
    tolerance: [2e-7, "gradients are moved, and added where windows overlap"],
    domain: [-2, 2],
    cases: [
      { inputs: [{ shape: [1, 4, 4, 1], values: TIED }, { shape: [1, 2, 2, 1], values: [1, 2, 3, 4] }], attrs: TWO, special: true },
      { inputs: [{ shape: [1, 5, 4, 2] }, { shape: [1, 4, 2, 2] }], attrs: OVERLAPPING },
    ],
  }),
  row<Pool>({
    op: "maxPool2dGather",
    apply: ([x, d], pool) => OPS.maxPool2dGather(x!, d!, pool),
    reference: ([x, d], pool) => pooled(x!, fullOf(pool), (pixels) => get(d!, largest(x!, pixels)!)),
    tolerance: [0, "a pixel is picked, not computed"],
    domain: [-2, 2],
    cases: [
      { inputs: [{ shape: [1, 4, 4, 1], values: TIED }, { shape: [1, 4, 4, 1], values: TIED.map((_, i) => (FIRSTS.includes(i) ? i : -1)) }], attrs: TWO, special: true },
      { inputs: [{ shape: [1, 5, 4, 2] }, { shape: [1, 5, 4, 2] }], attrs: OVERLAPPING },
    ],
  }),
  row<Pool & { inputSize: readonly [number, number]; countIncludePad: boolean }>({
    op: "averagePool2dGrad",
    apply: ([dy], attrs) => OPS.averagePool2dGrad(dy!, attrs),
    reference: ([dy]) => build([1, 4, 6, 3], ([, i, j, k]) => get(dy!, [0, i! >> 1, j! >> 1, k!]) / 4),
    tolerance: [2e-7, "one division"],
    domain: [-2, 2],
    cases: [{ inputs: [{ shape: [1, 2, 3, 3] }], attrs: { ...TWO, outputSize: [2, 3], inputSize: [4, 6], countIncludePad: false } }],
  }),
];
