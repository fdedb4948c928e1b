// Rows of the matrix products.
import { OPS } from "../../src/ops/index.js";
import { build, get, map, withShape, type Plain } from "./plain.js";
import { row, type Row } from "./row.js";

function matmul(a: Plain, b: Plain): Plain {
  const [m, k] = a.shape.slice(-2) as [number, number];
  const n = b.shape[b.shape.length - 1]!;
  const ones = (x: Plain): Plain => build([...x.shape.slice(0, -2), 1, 1], () => 0);
  const batch = map((x) => x, ones(a), ones(b)).shape.slice(0, -2);
  const part = (x: Plain, index: readonly number[]): number[] => {
    const lead = x.shape.length - 2;
    return Array.from({ length: lead }, (_, i) => (x.shape[i] === 1 ? 0 : index[i + batch.length - lead]!));
  };
  return build([...batch, m, n], (index) => {
    const [i, j] = index.slice(-2) as [number, number];
    let sum = 0;
    for (let p = 0; p < k; p++) sum += get(a, [...part(a, index), i, p]) * get(b, [...part(b, index), p, j]);
    return sum;
  });
}

const TOLERANCE = [2e-6, "k ≤ 600 products in float32: √600 · 6e-8 of a sum of size about √k"] as const;

const SHAPES: (readonly [readonly number[], readonly number[]])[] = [
  [[1, 1], [1, 1]],
  [[3, 5], [5, 7]],
  [[4, 8], [8, 8]],
  [[5, 9], [9, 17]],
  [[13, 600], [600, 26]],
  [[1, 33], [33, 9]],
  [[33, 9], [9, 1]],
  [[0, 3], [3, 4]],
  [[3, 0], [0, 4]],
  [[2, 5, 3], [2, 3, 4]],
  [[6, 5, 3], [3, 4]],
  [[5, 3], [6, 3, 4]],
  [[2, 3, 5, 3], [3, 3, 4]],
  [[2, 1, 5, 3], [1, 3, 3, 4]],
  [[2, 3, 4, 3], [2, 1, 3, 2]],
];

export const MATMUL: readonly Row[] = [
  row({
    op: "matmul",
    apply: ([a, b]) => OPS.matmul(a!, b!),
    reference: ([a, b]) => matmul(a!, b!),
    tolerance: TOLERANCE,
    domain: [-1, 1],
    cases: SHAPES.map(([a, b]) => ({ inputs: [{ shape: a }, { shape: b }], attrs: {} })),
  }),
  row({
    op: "matmul",
    variant: "relu(a · b + bias): fused into the store",
    apply: ([a, b, bias]) => OPS.relu(OPS.add(OPS.matmul(a!, b!), bias!)),
    reference: ([a, b, bias]) => map((x, y) => Math.max(x + y, 0), matmul(a!, b!), bias!),
    tolerance: TOLERANCE,
    // All positive: away from relu's kink.
    domain: [0.1, 1],
    cases: [
      { inputs: [{ shape: [5, 9] }, { shape: [9, 17] }, { shape: [17] }], attrs: {} },
      { inputs: [{ shape: [2, 5, 9] }, { shape: [9, 17] }, { shape: [17] }], attrs: {} },
    ],
  }),
  row({
    op: "matmul",
    variant: "relu(a · b) · c: relu's gradient is fused into the store of the product before it",
    apply: ([a, b, c]) => OPS.matmul(OPS.relu(OPS.matmul(a!, b!)), c!),
    reference: ([a, b, c]) => matmul(map((x) => Math.max(x, 0), matmul(a!, b!)), c!),
    tolerance: TOLERANCE,
    // Products of a and b are far from 0 on either side: away from relu's kink.
    domain: [0.5, 1],
    cases: [
      { inputs: [{ shape: [5, 9] }, { shape: [9, 17] }, { shape: [17, 6] }], attrs: {} },
      { inputs: [{ shape: [5, 9], domain: [-1, -0.5] }, { shape: [9, 17] }, { shape: [17, 6] }], attrs: {} },
      { inputs: [{ shape: [2, 5, 9] }, { shape: [9, 17] }, { shape: [17, 6] }], attrs: {} },
    ],
  }),
  row({
    op: "dot",
    apply: ([a, b]) => OPS.dot(a!, b!),
    reference: ([a, b]) => {
      const left = a!.shape.length === 1 ? withShape(a!, [1, ...a!.shape]) : a!;
      const right = b!.shape.length === 1 ? withShape(b!, [...b!.shape, 1]) : b!;
      const y = matmul(left, right);
      const shape = [...y.shape];
      if (b!.shape.length === 1) shape.splice(-1, 1);
      if (a!.shape.length === 1) shape.splice(b!.shape.length === 1 ? -1 : -2, 1);
      return withShape(y, shape);
    },
    tolerance: TOLERANCE,
    domain: [-1, 1],
    cases: [
      { inputs: [{ shape: [9] }, { shape: [9] }], attrs: {} },
      { inputs: [{ shape: [9] }, { shape: [9, 5] }], attrs: {} },
      { inputs: [{ shape: [5, 9] }, { shape: [9] }], attrs: {} },
      { inputs: [{ shape: [5, 9] }, { shape: [9, 4] }], attrs: {} },
      { inputs: [{ shape: [9] }, { shape: [2, 9, 4] }], attrs: {} },
    ],
  }),
];
