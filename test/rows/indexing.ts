// Rows of the ops that pick and place by index.
import { OPS } from "../../src/ops/index.js";
import type { ScatterMode } from "../../src/ops/scattering.js";
import { build, count, get, map, type Plain } from "./plain.js";
import { row, type Row } from "./row.js";

const EXACT = [0, "elements are moved, not computed"] as const;

function gather(table: Plain, indices: Plain, axis: number): Plain {
  const rank = indices.shape.length;
  return build([...table.shape.slice(0, axis), ...indices.shape, ...table.shape.slice(axis + 1)], (index) =>
    get(table, [...index.slice(0, axis), get(indices, index.slice(axis, axis + rank)), ...index.slice(axis + rank)]),
  );
}

const ADDED = [3e-7, "two or three terms"] as const;

/** x with updates[i] added to, or put in place of, the row at places[i]. */
function scattered(x: Plain, updates: Plain, places: readonly (number | null)[], width: number, mode: ScatterMode): Plain {
  const data = [...x.data];
  places.forEach((row, i) => {
    for (let k = 0; k < width && row !== null; k++) {
      const at = row * width + k;
      data[at] = mode === "add" ? data[at]! + updates.data[i * width + k]! : updates.data[i * width + k]!;
    }
  });
  return { shape: x.shape, data };
}

/** The row number of each index of several axes. */
function rowsAt(indices: Plain, shape: readonly number[]): number[] {
  const depth = indices.shape.at(-1)!;
  return Array.from({ length: indices.data.length / depth }, (_, i) => {
    const at = indices.data.slice(i * depth, (i + 1) * depth);
    return at.reduce((row, k, axis) => row * shape[axis]! + k, 0);
  });
}

function zeros(shape: readonly number[]): Plain {
  return build(shape, () => 0);
}

/** Where element `index` of the updates goes. */
function alongAxis(index: readonly number[], indices: Plain, axis: number): number[] {
  return index.map((k, i) => (i === axis ? get(indices, index) : k));
}

export const INDEXING: readonly Row[] = [
  row<{ axis?: number }>({
    op: "gather",
    apply: ([table, indices], attrs) => OPS.gather(table!, indices!, attrs),
    reference: ([table, indices], { axis = 0 }) => gather(table!, indices!, (axis + table!.shape.length) % table!.shape.length),
    tolerance: EXACT,
    domain: [-4, 4],
    cases: [
      { inputs: [{ shape: [5, 7] }, { shape: [4], dtype: "int32", values: [4, 0, 2, 2] }], attrs: {} },
      { inputs: [{ shape: [5, 7] }, { shape: [2, 3], dtype: "int32", domain: [0, 7] }], attrs: { axis: 1 } },
      { inputs: [{ shape: [3, 5, 2] }, { shape: [2, 2], dtype: "int32", domain: [0, 5] }], attrs: { axis: -2 } },
      { inputs: [{ shape: [5] }, { shape: [], dtype: "int32", values: [3] }], attrs: {} },
      { inputs: [{ shape: [5, 3] }, { shape: [0], dtype: "int32" }], attrs: {} },
      { inputs: [{ shape: [4], dtype: "int32", values: [5, 6, 7, 8] }, { shape: [2], dtype: "uint8", values: [3, 1] }], attrs: {} },
    ],
  }),
  row<{ rows: number }>({
    op: "scatterAdd",
    apply: ([x, indices], attrs) => OPS.scatterAdd(x!, indices!, attrs),
    reference: ([x, indices], { rows }) => {
      const tail = x!.shape.slice(indices!.shape.length);
      const width = tail.reduce((size, dim) => size * dim, 1);
      const data = new Array<number>(rows * width).fill(0);
      indices!.data.forEach((at, i) => {
        for (let k = 0; k < width; k++) data[at * width + k]! += x!.data[i * width + k]!;
      });
      return { shape: [rows, ...tail], data };
    },
    tolerance: [3e-7, "two or three terms"],
    domain: [-4, 4],
    cases: [
      { inputs: [{ shape: [4, 7] }, { shape: [4], dtype: "int32", values: [4, 0, 2, 2] }], attrs: { rows: 5 } },
      { inputs: [{ shape: [2, 3, 5] }, { shape: [2, 3], dtype: "int32", domain: [0, 4] }], attrs: { rows: 4 } },
      { inputs: [{ shape: [3] }, { shape: [3], dtype: "int32", values: [1, 1, 1] }], attrs: { rows: 2 } },
    ],
  }),
  row<{ depth: number; onValue?: number; offValue?: number }>({
    op: "oneHot",
    apply: ([indices], attrs) => OPS.oneHot(indices!, attrs),
    reference: ([indices], { depth, onValue = 1, offValue = 0 }) =>
      build([...indices!.shape, depth], (index) => (get(indices!, index.slice(0, -1)) === index[index.length - 1] ? onValue : offValue)),
    tolerance: EXACT,
    gradient: "an index has none",
    cases: [
      { inputs: [{ shape: [5], dtype: "int32", values: [0, 3, 9, -1, 10] }], attrs: { depth: 10 } },
      { inputs: [{ shape: [2, 3], dtype: "uint8", values: [0, 1, 2] }], attrs: { depth: 3, onValue: 0.9, offValue: 0.05 } },
      { inputs: [{ shape: [], dtype: "int32", values: [2] }], attrs: { depth: 5 } },
    ],
  }),
  row<{ axis?: number; batchDims?: number }>({
    op: "batchGather",
    apply: ([table, indices], attrs) => OPS.batchGather(table!, indices!, attrs),
    reference: ([table, indices], { axis }) =>
      axis === undefined
        ? build([2, 4, 3], ([b, i, k]) => get(table!, [b!, get(indices!, [b!, i!]), k!]))
        : build([2, 5, 4], ([b, j, i]) => get(table!, [b!, j!, get(indices!, [b!, i!])])),
    tolerance: EXACT,
    domain: [-4, 4],
    cases: [
      { inputs: [{ shape: [2, 6, 3] }, { shape: [2, 4], dtype: "int32", domain: [0, 6] }], attrs: { batchDims: 1 } },
      { inputs: [{ shape: [2, 5, 6] }, { shape: [2, 4], dtype: "int32", domain: [0, 6] }], attrs: { batchDims: 1, axis: -1 } },
    ],
  }),
  row<{ axis?: number }>({
    op: "takeAlongAxis",
    apply: ([x, indices], attrs) => OPS.takeAlongAxis(x!, indices!, attrs),
    reference: ([x, indices], { axis = -1 }) => {
      const along = (axis + x!.shape.length) % x!.shape.length;
      const shape = x!.shape.map((dim, i) => (i === along ? indices!.shape[i]! : Math.max(dim, indices!.shape[i]!)));
      const clipped = (index: readonly number[], of: Plain): number[] => index.map((k, i) => (of.shape[i] === 1 && i !== along ? 0 : k));
      return build(shape, (index) => get(x!, clipped(index.map((k, i) => (i === along ? get(indices!, clipped(index, indices!)) : k)), x!)));
    },
    tolerance: EXACT,
    domain: [-4, 4],
    cases: [
      { inputs: [{ shape: [3, 5] }, { shape: [3, 4], dtype: "int32", domain: [0, 5] }], attrs: { axis: 1 } },
      { inputs: [{ shape: [4, 3, 2] }, { shape: [6, 3, 2], dtype: "int32", domain: [0, 4] }], attrs: { axis: 0 } },
      { inputs: [{ shape: [2, 5, 3] }, { shape: [1, 4, 1], dtype: "int32", domain: [0, 5] }], attrs: { axis: -2 } },
      { inputs: [{ shape: [5] }, { shape: [0], dtype: "int32" }], attrs: {} },
      { inputs: [{ shape: [3], dtype: "int32", values: [7, 8, 9] }, { shape: [2], dtype: "uint8", values: [2, 0] }], attrs: {} },
    ],
  }),
  row<{ axis?: number; mode?: ScatterMode }>({
    op: "scatterAlongAxis",
    apply: ([x, indices, updates], attrs) => OPS.scatterAlongAxis(x!, indices!, updates!, attrs),
    reference: ([x, indices, updates], { axis = -1, mode = "add" }) => {
      const along = (axis + x!.shape.length) % x!.shape.length;
      const full = map((a) => a, updates!, indices!);
      const list = map((a) => a, indices!, updates!);
      const data = [...x!.data];
      build(full.shape, (index) => {
        const at = alongAxis(index, list, along).reduce((flat, k, i) => flat * x!.shape[i]! + k, 0);
        data[at] = (mode === "add" ? data[at]! : 0) + get(full, index);
        return 0;
      });
      return { shape: x!.shape, data };
    },
    tolerance: ADDED,
    domain: [-4, 4],
    cases: [
      { inputs: [{ shape: [4, 3] }, { shape: [6, 3], dtype: "int32", domain: [0, 4] }, { shape: [6, 3] }], attrs: { axis: 0 } },
      { inputs: [{ shape: [2, 5, 2] }, { shape: [2, 7, 2], dtype: "int32", domain: [0, 5] }, { shape: [2, 7, 2] }], attrs: { axis: 1, mode: "update" } },
      { inputs: [{ shape: [2, 5] }, { shape: [1, 3], dtype: "int32", values: [4, 0, 4] }, { shape: [2, 3] }], attrs: {} },
      { inputs: [{ shape: [3], dtype: "int32", values: [1, 2, 3] }, { shape: [4], dtype: "int32", values: [0, 2, 2, 0] }, { shape: [4], dtype: "int32", values: [10] }], attrs: {} },
      { inputs: [{ shape: [3] }, { shape: [0], dtype: "int32" }, { shape: [0] }], attrs: {} },
    ],
  }),
  row({
    op: "gatherNd",
    apply: ([x, indices]) => OPS.gatherNd(x!, indices!),
    reference: ([x, indices]) => {
      const depth = indices!.shape.at(-1)!;
      const width = count(x!.shape.slice(depth));
      return {
        shape: [...indices!.shape.slice(0, -1), ...x!.shape.slice(depth)],
        data: rowsAt(indices!, x!.shape).flatMap((row) => x!.data.slice(row * width, (row + 1) * width)),
      };
    },
    tolerance: EXACT,
    domain: [-4, 4],
    cases: [
      { inputs: [{ shape: [3, 4, 5] }, { shape: [6, 2], dtype: "int32", domain: [0, 3] }], attrs: {} },
      { inputs: [{ shape: [3, 4] }, { shape: [2, 2, 2], dtype: "int32", domain: [0, 3] }], attrs: {} },
      { inputs: [{ shape: [3, 4] }, { shape: [5, 1], dtype: "uint8", domain: [0, 3] }], attrs: {} },
      { inputs: [{ shape: [3, 4] }, { shape: [0, 2], dtype: "int32" }], attrs: {} },
    ],
  }),
  row<{ shape: number[]; mode?: ScatterMode }>({
    op: "scatterNd",
    apply: ([indices, updates, base], { shape, mode }) => OPS.scatterNd(indices!, updates!, { shape, ...(mode && { mode }), ...(base && { base }) }),
    reference: ([indices, updates, base], { shape, mode = "add" }) =>
      scattered(base ?? zeros(shape), updates!, rowsAt(indices!, shape), count(shape.slice(indices!.shape.at(-1)!)), mode),
    tolerance: ADDED,
    domain: [-4, 4],
    cases: [
      { inputs: [{ shape: [6, 2], dtype: "int32", domain: [0, 3] }, { shape: [6, 5] }], attrs: { shape: [3, 4, 5] } },
      { inputs: [{ shape: [4, 1], dtype: "int32", values: [3, 0, 3, 1] }, { shape: [4, 2] }, { shape: [5, 2] }], attrs: { shape: [5, 2], mode: "update" } },
      { inputs: [{ shape: [2, 3, 2], dtype: "int32", domain: [0, 4] }, { shape: [2, 3] }, { shape: [4, 4] }], attrs: { shape: [4, 4] } },
      { inputs: [{ shape: [3, 1], dtype: "int32", values: [1, 1, 0] }, { shape: [3] }], attrs: { shape: [3], mode: "update" } },
      { inputs: [{ shape: [3, 1], dtype: "int32", values: [1, 1, 0] }, { shape: [3], dtype: "int32", values: [5, 6, 7] }], attrs: { shape: [3] } },
    ],
  }),
  row<{ count: number }>({
    op: "segmentSum",
    apply: ([x, segments], attrs) => OPS.segmentSum(x!, segments!, attrs),
    reference: ([x, segments], { count: n }) => scattered(zeros([n, ...x!.shape.slice(1)]), x!, segments!.data, count(x!.shape.slice(1)), "add"),
    tolerance: ADDED,
    domain: [-4, 4],
    cases: [
      { inputs: [{ shape: [5, 3] }, { shape: [5], dtype: "int32", values: [0, 0, 1, 3, 3] }], attrs: { count: 4 } },
      { inputs: [{ shape: [4] }, { shape: [4], dtype: "int32", values: [2, 0, 2, 1] }], attrs: { count: 3 } },
    ],
  }),
  row<{ size: number }>({
    op: "bincount",
    apply: ([x, weights], { size }) => OPS.bincount(x!, { size, ...(weights && { weights }) }),
    reference: ([x, weights], { size }) => scattered(zeros([size]), weights ?? map(() => 1, x!), x!.data, 1, "add"),
    tolerance: ADDED,
    cases: [
      { inputs: [{ shape: [7], dtype: "int32", values: [0, 3, 3, 1, 3, 0, 5] }], attrs: { size: 6 } },
      { inputs: [{ shape: [2, 3], dtype: "int32", values: [0, 3, 3, 1, 3, 0] }, { shape: [2, 3] }], attrs: { size: 4 } },
      { inputs: [{ shape: [0], dtype: "int32" }], attrs: { size: 2 } },
    ],
  }),
  row<{ bins: number; min: number; max: number }>({
    op: "histogram",
    apply: ([x], attrs) => OPS.histogram(x!, attrs),
    reference: ([x], { bins, min, max }) => {
      const data = new Array<number>(bins).fill(0);
      for (const value of x!.data) if (value >= min && value <= max) data[Math.min(bins - 1, Math.floor(((value - min) / (max - min)) * bins))]!++;
      return { shape: [bins], data };
    },
    tolerance: EXACT,
    gradient: "counts have none",
    cases: [
      { inputs: [{ shape: [40], domain: [-1.2, 1.2] }], attrs: { bins: 4, min: -1, max: 1 } },
      { inputs: [{ shape: [8], values: [0, 0.5, 1, 2, -0.1, NaN, 1.99, Infinity] }], attrs: { bins: 2, min: 0, max: 2 } },
    ],
  }),
];
