// Rows of the ops that are sums of products over named axes.
import { OPS } from "../../src/ops/index.js";
import type { TensordotAxes } from "../../src/ops/tensordot.js";
import { build, count, get, total, withShape, type Plain } from "./plain.js";
import { row, type Row } from "./row.js";

const TOLERANCE = [3e-6, "sums of up to 200 products, each rounded to 6e-8 of a term"] as const;

/** Every combination of all labels, one by one. `labels` stands for the equation without dots and with its right side. */
function einsum(xs: readonly Plain[], labels: string): Plain {
  const [left, right] = labels.split("->") as [string, string];
  const inputs = left.split(",").map((text) => [...text]);
  const sizes = new Map<string, number>();
  inputs.forEach((list, k) => list.forEach((label, axis) => sizes.set(label, Math.max(sizes.get(label) ?? 1, xs[k]!.shape[axis]!))));
  const output = [...right];
  const summed = [...sizes.keys()].filter((label) => !output.includes(label));
  return build(output.map((label) => sizes.get(label)!), (index) => {
    const at = new Map(output.map((label, i) => [label, index[i]!]));
    const terms = build(summed.map((label) => sizes.get(label)!), (inner) => {
      summed.forEach((label, i) => at.set(label, inner[i]!));
      return inputs.reduce((product, list, k) => product * get(xs[k]!, list.map((label, axis) => (xs[k]!.shape[axis] === 1 ? 0 : at.get(label)!))), 1);
    });
    return total(terms.data);
  });
}

const vector = (n: number): { shape: number[] } => ({ shape: [n] });

export const CONTRACTION: readonly Row[] = [
  row<{ equation: string; labels?: string }>({
    op: "einsum",
    apply: (xs, { equation }) => OPS.einsum(xs, { equation }),
    reference: (xs, { equation, labels = equation.replaceAll(" ", "") }) => einsum(xs, labels),
    tolerance: TOLERANCE,
    cases: [
      { inputs: [{ shape: [3, 4] }, { shape: [4, 5] }], attrs: { equation: "ij,jk->ik" } },
      { inputs: [{ shape: [2, 2, 3, 4] }, { shape: [2, 2, 5, 4] }], attrs: { equation: "bhqd,bhkd->bhqk" } },
      { inputs: [{ shape: [2, 3, 2, 4] }, { shape: [2, 5, 2, 4] }], attrs: { equation: "bqhd,bkhd->bhqk" } },
      { inputs: [{ shape: [4, 4] }], attrs: { equation: "ii->i" } },
      { inputs: [{ shape: [4, 4] }], attrs: { equation: "ii->" } },
      { inputs: [{ shape: [4, 4] }], attrs: { equation: "ii", labels: "ii->" } },
      { inputs: [{ shape: [3, 3, 3] }], attrs: { equation: "iii->i" } },
      { inputs: [{ shape: [2, 3, 4] }], attrs: { equation: "ijk->kj" } },
      { inputs: [{ shape: [3, 4] }, { shape: [4, 2] }], attrs: { equation: "ba, ac", labels: "ba,ac->bc" } },
      { inputs: [{ shape: [3, 2] }], attrs: { equation: "ba", labels: "ba->ab" } },
      { inputs: [vector(3), vector(4)], attrs: { equation: "i,j->ij" } },
      { inputs: [vector(5), vector(5)], attrs: { equation: "i,i" , labels: "i,i->" } },
      { inputs: [{ shape: [2, 5] }, { shape: [2, 5] }], attrs: { equation: "bi,bi->b" } },
      { inputs: [{ shape: [2, 3, 4] }, { shape: [5, 4, 6] }, { shape: [6, 3] }], attrs: { equation: "aij,bjk,ki->ab" } },
      { inputs: [{ shape: [3, 4] }, { shape: [4, 5] }, { shape: [5, 2] }, { shape: [2, 3] }], attrs: { equation: "ij,jk,kl,li->" } },
      { inputs: [{ shape: [2, 3, 4] }, { shape: [4, 5] }], attrs: { equation: "...ij,jk->...ik", labels: "bij,jk->bik" } },
      { inputs: [{ shape: [2, 1, 3, 4] }, { shape: [5, 4, 2] }], attrs: { equation: "...ij,...jk", labels: "abij,bjk->abik" } },
      { inputs: [{ shape: [2, 3] }, { shape: [3] }], attrs: { equation: "...,...->...", labels: "ai,i->ai" } },
      { inputs: [{ shape: [1, 4] }, { shape: [3, 1] }], attrs: { equation: "ij,ij->ij" } },
      { inputs: [{ shape: [1, 4] }, { shape: [3, 4] }], attrs: { equation: "ij,ij->j" } },
      { inputs: [{ shape: [3, 4] }, { shape: [5] }], attrs: { equation: "ij,k->k" } },
      { inputs: [{ shape: [] }, { shape: [3] }], attrs: { equation: ",i->i" } },
      { inputs: [{ shape: [3, 0] }, { shape: [0, 2] }], attrs: { equation: "ij,jk->ik" } },
      { inputs: [{ shape: [2, 3] , dtype: "int32", domain: [-4, 4] }, { shape: [3], dtype: "int32", domain: [-4, 4] }], attrs: { equation: "ij,j->i" } },
    ],
  }),
  row<{ axes?: TensordotAxes; labels: string }>({
    op: "tensordot",
    apply: ([a, b], { axes }) => OPS.tensordot(a!, b!, axes === undefined ? {} : { axes }),
    reference: (xs, { labels }) => einsum(xs, labels),
    tolerance: TOLERANCE,
    cases: [
      { inputs: [{ shape: [2, 3, 4] }, { shape: [3, 4, 5] }], attrs: { labels: "iab,abj->ij" } },
      { inputs: [{ shape: [2, 3] }, { shape: [3, 4] }], attrs: { axes: 1, labels: "ia,aj->ij" } },
      { inputs: [{ shape: [2, 3] }, { shape: [4] }], attrs: { axes: 0, labels: "ij,k->ijk" } },
      { inputs: [{ shape: [2, 3, 4] }, { shape: [4, 2, 3] }], attrs: { axes: [[0, 2], [1, 0]], labels: "aib,baj->ij" } },
    ],
  }),
  row({
    op: "outer",
    apply: ([a, b]) => OPS.outer(a!, b!),
    reference: ([a, b]) => build([count(a!.shape), count(b!.shape)], ([i, j]) => a!.data[i!]! * b!.data[j!]!),
    tolerance: TOLERANCE,
    cases: [{ inputs: [vector(3), vector(5)], attrs: {} }, { inputs: [{ shape: [2, 2] }, { shape: [] }], attrs: {} }],
  }),
  row({
    op: "inner",
    apply: ([a, b]) => OPS.inner(a!, b!),
    reference: ([a, b]) => (b!.shape.length === 0 ? withShape({ shape: [], data: a!.data.map((x) => x * b!.data[0]!) }, a!.shape) : b!.shape.length === 1 ? einsum([a!, b!], a!.shape.length === 1 ? "i,i->" : "ai,i->a") : einsum([a!, b!], "ai,bci->abc")),
    tolerance: TOLERANCE,
    cases: [
      { inputs: [vector(6), vector(6)], attrs: {} },
      { inputs: [{ shape: [3, 6] }, vector(6)], attrs: {} },
      { inputs: [{ shape: [3, 6] }, { shape: [2, 2, 6] }], attrs: {} },
      { inputs: [{ shape: [3, 6] }, { shape: [] }], attrs: {} },
    ],
  }),
  row({
    op: "vdot",
    apply: ([a, b]) => OPS.vdot(a!, b!),
    reference: ([a, b]) => ({ shape: [], data: [total(a!.data.map((x, i) => x * b!.data[i]!))] }),
    tolerance: TOLERANCE,
    cases: [{ inputs: [{ shape: [3, 4] }, { shape: [2, 6] }], attrs: {} }],
  }),
  row({
    op: "kron",
    apply: ([a, b]) => OPS.kron(a!, b!),
    reference: ([a, b]) => {
      const rank = Math.max(a!.shape.length, b!.shape.length);
      const [x, y] = [a!, b!].map((one) => withShape(one, [...new Array<number>(rank - one.shape.length).fill(1), ...one.shape])) as [Plain, Plain];
      return build(x.shape.map((dim, i) => dim * y.shape[i]!), (index) => get(x, index.map((k, i) => Math.floor(k / y.shape[i]!))) * get(y, index.map((k, i) => k % y.shape[i]!)));
    },
    tolerance: TOLERANCE,
    cases: [{ inputs: [{ shape: [2, 3] }, { shape: [3, 2] }], attrs: {} }, { inputs: [vector(3), { shape: [2, 2] }], attrs: {} }],
  }),
];
