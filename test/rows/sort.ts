// Rows of the ops that sort and search.
import { OPS } from "../../src/ops/index.js";
import type { SortAttrs } from "../../src/ops/argsort.js";
import { build, get, type Plain } from "./plain.js";
import { row, type Row } from "./row.js";

const EXACT = [0, "elements are moved, not computed"] as const;

/** The order of each line along an axis: stable, NaN last, −0 beside 0. */
function order(x: Plain, { axis = -1, descending = false }: SortAttrs): Plain {
  const along = (axis + x.shape.length) % x.shape.length;
  const n = x.shape[along]!;
  const lines = new Map<string, number[]>();
  return build(x.shape, (index) => {
    const line = index.filter((_, i) => i !== along).join();
    if (!lines.has(line)) {
      const values = Array.from({ length: n }, (_, k) => get(x, index.map((at, i) => (i === along ? k : at))));
      lines.set(line, values.map((_, k) => k).sort((a, b) => compared(values[a]!, values[b]!, descending)));
    }
    return lines.get(line)![index[along]!]!;
  });
}

function compared(p: number, q: number, descending: boolean): number {
  if (Number.isNaN(p) || Number.isNaN(q)) return Number(Number.isNaN(p)) - Number(Number.isNaN(q));
  return p === q ? 0 : p < q === descending ? 1 : -1;
}

function taken(x: Plain, places: Plain, axis = -1): Plain {
  const along = (axis + x.shape.length) % x.shape.length;
  return build(places.shape, (index) => get(x, index.map((k, i) => (i === along ? get(places, index) : k))));
}

const SPECIAL = [3, NaN, -1, 0, -0, Infinity, 3, -Infinity, NaN, 1e-40, -1e-40, 2];
const CASES: readonly { inputs: [{ shape: number[]; dtype?: "int32"; values?: number[]; domain?: [number, number] }]; attrs: SortAttrs; special?: boolean }[] = [
  { inputs: [{ shape: [5, 7] }], attrs: {} },
  { inputs: [{ shape: [5, 3, 4] }], attrs: { axis: 0, descending: true } },
  { inputs: [{ shape: [3, 100] }], attrs: { descending: true } },
  { inputs: [{ shape: [2, 1000] }], attrs: {} },
  { inputs: [{ shape: [12], values: SPECIAL }], attrs: {}, special: true },
  { inputs: [{ shape: [12], values: SPECIAL }], attrs: { descending: true }, special: true },
  { inputs: [{ shape: [120], values: SPECIAL }], attrs: { descending: true }, special: true },
  { inputs: [{ shape: [300], dtype: "int32", domain: [-20, 20] }], attrs: {} },
  { inputs: [{ shape: [6], dtype: "int32", values: [3, -2147483648, 2147483647, -1, 0, 3] }], attrs: { descending: true } },
  { inputs: [{ shape: [0, 3] }], attrs: { axis: 0 } },
];

export const SORT: readonly Row[] = [
  row<SortAttrs>({
    op: "argsort",
    apply: ([x], attrs) => OPS.argsort(x!, attrs),
    reference: ([x], attrs) => order(x!, attrs),
    tolerance: EXACT,
    domain: [-4, 4],
    gradient: "an index has none",
    cases: CASES,
  }),
  row<SortAttrs>({
    op: "sort",
    apply: ([x], attrs) => OPS.sort(x!, attrs),
    reference: ([x], attrs) => taken(x!, order(x!, attrs), attrs.axis),
    tolerance: EXACT,
    domain: [-4, 4],
    cases: CASES,
  }),
  row<{ k: number; axis?: number; largest?: boolean }>({
    op: "topK",
    apply: ([x], attrs) => OPS.topK(x!, attrs)[0],
    reference: ([x], { k, axis = -1, largest = true }) => {
      const all = order(x!, { axis, descending: largest });
      const along = (axis + x!.shape.length) % x!.shape.length;
      return taken(x!, build(x!.shape.map((dim, i) => (i === along ? k : dim)), (index) => get(all, index)), axis);
    },
    tolerance: EXACT,
    domain: [-4, 4],
    cases: [
      { inputs: [{ shape: [4, 9] }], attrs: { k: 3 } },
      { inputs: [{ shape: [6, 4] }], attrs: { k: 2, axis: 0, largest: false } },
      { inputs: [{ shape: [3, 4] }], attrs: { k: 0 } },
      { inputs: [{ shape: [5], dtype: "int32", values: [4, 9, 9, 1, 3] }], attrs: { k: 2 } },
    ],
  }),
  row<{ k: number }>({
    op: "topK",
    variant: "indices, of equal elements the first",
    apply: ([x], attrs) => OPS.topK(x!, attrs)[1],
    reference: ([x], { k }) => {
      const all = order(x!, { descending: true });
      return build([...x!.shape.slice(0, -1), k], (index) => get(all, index));
    },
    tolerance: EXACT,
    gradient: "an index has none",
    cases: [{ inputs: [{ shape: [2, 5], values: [1, 3, 3, 2, 3, 0, 0, 0, -1, 0] }], attrs: { k: 4 } }],
  }),
  row<{ side?: "left" | "right" }>({
    op: "searchsorted",
    apply: ([sorted, values], attrs) => OPS.searchsorted(sorted!, values!, attrs),
    reference: ([sorted, values], { side = "left" }) =>
      build(values!.shape, (index) => {
        const value = get(values!, index);
        const line = sorted!.shape.length === 1 ? sorted!.data : Array.from({ length: sorted!.shape.at(-1)! }, (_, k) => get(sorted!, [...index.slice(0, -1), k]));
        return line.filter((x) => (Number.isNaN(value) ? !Number.isNaN(x) : side === "left" ? x < value : x <= value)).length;
      }),
    tolerance: EXACT,
    gradient: "an index has none",
    cases: [
      { inputs: [{ shape: [6], values: [-1, 0, 0, 2, 2, 5] }, { shape: [3, 3], values: [-2, -1, 0, 1, 2, 3, 5, 6, NaN] }], attrs: {} },
      { inputs: [{ shape: [6], values: [-1, 0, 0, 2, 2, 5] }, { shape: [9], values: [-2, -1, -0, 1, 2, 3, 5, 6, 2] }], attrs: { side: "right" } },
      { inputs: [{ shape: [2, 3], values: [1, 2, 3, 10, 20, 30] }, { shape: [2, 2], values: [2, 9, 2, 20] }], attrs: {} },
      { inputs: [{ shape: [4], dtype: "int32", values: [-5, 0, 16777216, 16777217] }, { shape: [2], dtype: "int32", values: [16777217, -6] }], attrs: {} },
      { inputs: [{ shape: [0] }, { shape: [2] }], attrs: {} },
    ],
  }),
];
