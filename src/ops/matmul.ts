// matmul: matrix product over the last two axes, batched over the leading ones.
import { DTypeError, ShapeError } from "../base/errors.js";
import { broadcastShapes, broadcastStrides, showShape, sizeOf } from "../base/shape.js";
import type { Value } from "../graph/value.js";
import { gemmWorkspace } from "../program/workspace.js";
import { at, op, WORKSPACE, type Op, type Operand } from "./op.js";
import { transpose } from "./transpose.js";

/** 0 none, 1 relu: what the kernel does to a result as it stores it. */
export const ACTIVATIONS = { linear: 0, relu: 1 } as const;

/**
 * a · b over the last two axes; leading axes broadcast. The fusion pass may add a bias row and an activation to the store.
 *
 * a: [..., m, k]   b: [..., k, n]   bias: [n]   returns [..., m, n]
 */
export const matmul: Op<[a: Value, b: Value, ...bias: Value[]], { activation?: keyof typeof ACTIVATIONS }> = op({
  name: "matmul",
  shape: ([a, b]) => {
    if (a.dtype !== "float32" || b.dtype !== "float32") {
      throw new DTypeError(`matmul: takes float32, got ${a.dtype} and ${b.dtype}. Cast first.`);
    }
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
  vjp: (dy, _y, [a, b]) => [matmul(dy, swapLast(b)), matmul(swapLast(a), dy)],
  lower: ([out], [a, b, bias], { activation = "linear" }) => {
    const [m, n] = out.shape.slice(-2) as [number, number];
    const k = a.shape[a.shape.length - 1]!;
    const batchShape = out.shape.slice(0, -2);
    const [aRow, aCol] = a.strides.slice(-2) as [number, number];
    const [bRow, bCol] = b.strides.slice(-2) as [number, number];
    return {
      kernel: "f32_gemm",
      workspace: gemmWorkspace({ m, n, k }),
      words: [
        at(out), at(a), at(b), bias ? at(bias) : 0, WORKSPACE, m, n, k, aRow, aCol, bRow, bCol, n, ACTIVATIONS[activation],
        sizeOf(batchShape), batchStride(a, batchShape), batchStride(b, batchShape), m * n,
      ],
    };
  },
  strided: true,
  heavy: true,
  flops: (out, [a]) => 2 * sizeOf(out.shape) * a.shape[a.shape.length - 1]!,
});

/** One stride for all leading axes; the layout pass copies operands whose leading axes have none (see `regularBatch`). */
function batchStride(x: Operand, batch: readonly number[]): number {
  const strides = broadcastStrides(x.shape.slice(0, -2), x.strides.slice(0, -2), batch);
  const last = batch.length - 1;
  return last < 0 ? 0 : strides[last]!;
}

function swapLast(x: Value): Value {
  const axes = x.shape.map((_, i) => i);
  const rank = axes.length;
  return transpose(x, { perm: [...axes.slice(0, -2), rank - 1, rank - 2] });
}
