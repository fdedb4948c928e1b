// Rows of the ops that pick and place by index.
import { OPS } from "../../src/ops/index.js";
import { build, get, type Plain } from "./plain.js";
import { row, type Row } from "./row.js";

const EXACT = [0, "elements are moved, not computed"] as const;

function gather(table: Plain, indices: Plain, axis: number): Plain {
  const rank = indices.shape.length;
  return build([...table.shape.slice(0, axis), ...indices.shape, ...table.shape.slice(axis + 1)], (index) =>
    get(table, [...index.slice(0, axis), get(indices, index.slice(axis, axis + rank)), ...index.slice(axis + rank)]),
  );
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
];
