// matmul: matrix product over the last two axes, batched over the leading ones.
import { ShapeError } from "../base/errors.js";
import { broadcastShapes, broadcastStrides, showShape, sizeOf, type Shape } from "../base/shape.js";
import type { Value } from "../graph/value.js";
import { rowUnits, UNIT_COLUMNS } from "../program/split.js";
import { gemmWorkspace } from "../program/workspace.js";
import { cast } from "./cast.js";
import { at, op, WORKSPACE, type Lowering, type Op, type Operand } from "./op.js";
import { reluGrad } from "./reluGrad.js";
import { reshape } from "./reshape.js";
import { transpose } from "./transpose.js";

/** 0 none, 1 relu: what the kernel does to a result as it stores it. */
export const ACTIVATIONS = { linear: 0, relu: 1 } as const;

/**
 * a · b over the last two axes; leading axes broadcast. The fusion pass may add to the store: a bias row, an activation, a mask (the last operand
 * when `masked`): 0 where it is not above 0, relu's gradient.
 *
 * a: [..., m, k]   b: [..., k, n]   bias: [n]   mask: as the result   returns [..., m, n], float32; integers are taken as float32
 */
export const matmul: Op<[a: Value, b: Value, ...rest: Value[]], { activation?: keyof typeof ACTIVATIONS; masked?: boolean }> = op({
  name: "matmul",
  prepare: ([a, b, ...rest], attrs) => [[cast(a, { dtype: "float32" }), cast(b, { dtype: "float32" }), ...rest], attrs],
  shape: ([a, b]) => {
    if (a.shape.length < 2 || b.shape.length < 2) {
      throw new ShapeError(`matmul: operands need rank 2 or more, got ${showShape(a.shape)} and ${showShape(b.shape)}.`);
    }
    const [m, k] = a.shape.slice(-2) as [number, number];
    const [kb, n] = b.shape.slice(-2) as [number, number];
    if (k !== kb) {
      const hint = k === n ? " Transpose b?" : m === kb ? " Transpose a?" : "";
      throw new ShapeError(`matmul: inner sizes differ, a is ${showShape(a.shape)} (k = ${k}), b is ${showShape(b.shape)} (k = ${kb}).${hint}`);
    }
    const batch = broadcastShapes(a.shape.slice(0, -2), b.shape.slice(0, -2), "matmul");
    return { shape: [...batch, m, n], dtype: "float32" };
  },
  vjp: (dy, y, [a, b, bias], { activation = "linear" }) => {
    const d = activation === "relu" ? reluGrad(dy, y) : dy;
    // One b for all batches: its gradient is one product over all rows, not a sum of products.
    const shared = b.shape.length === 2 && a.shape.length > 2;
    const db = shared ? matmul(swapLast(rowsOf(a)), rowsOf(d)) : matmul(swapLast(a), d);
    return bias ? [matmul(d, swapLast(b)), db, d] : [matmul(d, swapLast(b)), db];
  },
  lower: ([out], [a, b, ...rest], { activation = "linear", masked = false }) => {
    const mask = masked ? rest[rest.length - 1] : undefined;
    const bias = rest[0] === mask ? undefined : rest[0];
    const [m, n] = out.shape.slice(-2) as [number, number];
    const k = a.shape[a.shape.length - 1]!;
    const [aRow, aCol] = a.strides.slice(-2) as [number, number];
    const [bRow, bCol] = b.strides.slice(-2) as [number, number];
    const product = (aFirst: number, bFirst: number, outFirst: number, rows: number, batch: BatchAxis): Lowering => {
      const { cut, units } = cutOf(rows * batch.size, n);
      // Only a whole product's rows are the rows that other steps on these tensors count.
      const slice = (x: Operand, step: number): number | null =>
        cut === CUTS.rows && batch.size * rows * n === sizeOf(out.shape) && x.strides[x.strides.length - 1] === 1 && step === x.shape[x.shape.length - 1]
          ? rowUnits([rows, step], x.dtype).bytes
          : null;
      return {
        kernel: "f32_gemm",
        workspace: gemmWorkspace({ m: rows, n, k }),
        words: [
          at(out, outFirst), at(a, aFirst), at(b, bFirst), bias ? at(bias) : 0, WORKSPACE, rows, n, k, aRow, aCol, bRow, bCol, n,
          ACTIVATIONS[activation], batch.size, batch.a, batch.b, rows * n, mask ? at(mask, outFirst) : 0, cut,
        ],
        split: { units, outputs: [slice(out, n)], inputs: [batch.size === 1 || batch.a === rows * aRow ? slice(a, aRow) : null, null, ...rest.map((x) => (x === mask ? slice(x, n) : null))] },
      };
    };
    const axes = batchAxes(a, b, out.shape.slice(0, -2));
    // The kernel walks one batch axis; where strides do not merge into one, there is a product for each index of the outer axes.
    const inner = axes.pop() ?? { size: 1, a: 0, b: 0 };
    let starts = [{ a: 0, b: 0 }];
    for (const axis of axes) {
      starts = starts.flatMap((start) => Array.from({ length: axis.size }, (_, i) => ({ a: start.a + i * axis.a, b: start.b + i * axis.b })));
    }
    // Batches of a that follow each other, all with the same b, are one tall matrix.
    const tall = inner.b === 0 && inner.a === m * aRow;
    const step = inner.size * m * n;
    return starts.map((start, i) =>
      tall
        ? product(start.a, start.b, i * step, inner.size * m, { size: 1, a: 0, b: 0 })
        : product(start.a, start.b, i * step, m, inner),
    );
  },
  // The bias is the one operand of rank 1; the kernel reads it in a row.
  strided: ({ shape }) => shape.length > 1,
  heavy: true,
  flops: (out, [a]) => 2 * sizeOf(out.shape) * a.shape[a.shape.length - 1]!,
});

/** How threads share a product: by rows of out, or by columns. */
const CUTS = { rows: 0, columns: 1 } as const;
/** Rows from which a cut by rows leaves every thread enough of them. */
const ENOUGH_ROWS = 64;

/** By rows wherever there are enough, so that a thread keeps its rows from step to step; else by columns. */
function cutOf(rows: number, n: number): { cut: number; units: number } {
  const byRows = rows >= ENOUGH_ROWS || rows >= n;
  return byRows ? { cut: CUTS.rows, units: rowUnits([rows, n], "float32").units } : { cut: CUTS.columns, units: Math.ceil(n / UNIT_COLUMNS) };
}

interface BatchAxis {
  readonly size: number;
  /** Elements from one batch of a, and of b, to the next. */
  readonly a: number;
  readonly b: number;
}

/** The batch axes, neighbours merged wherever one stride serves both in a and in b. */
function batchAxes(a: Operand, b: Operand, batch: Shape): BatchAxis[] {
  const strides = (x: Operand): number[] => broadcastStrides(x.shape.slice(0, -2), x.strides.slice(0, -2), batch);
  const [aStrides, bStrides] = [strides(a), strides(b)];
  const axes: BatchAxis[] = [];
  batch.forEach((size, i) => {
    if (size === 1) return;
    const axis = { size, a: aStrides[i]!, b: bStrides[i]! };
    const outer = axes[axes.length - 1];
    if (outer && outer.a === size * axis.a && outer.b === size * axis.b) axes[axes.length - 1] = { ...axis, size: outer.size * size };
    else axes.push(axis);
  });
  return axes;
}

/** All leading axes as one. */
function rowsOf(x: Value): Value {
  return reshape(x, { shape: [-1, x.shape[x.shape.length - 1]!] });
}

function swapLast(x: Value): Value {
  const axes = x.shape.map((_, i) => i);
  const rank = axes.length;
  return transpose(x, { perm: [...axes.slice(0, -2), rank - 1, rank - 2] });
}
