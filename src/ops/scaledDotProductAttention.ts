// scaledDotProductAttention: what each query makes of all values, weighed by how well their keys fit.
import { ShapeError, ValueError } from "../base/errors.js";
import { broadcastShapes, showShape, sizeOf, type Shape } from "../base/shape.js";
import { constant, type Value } from "../graph/value.js";
import { f32Word } from "../program/program.js";
import { gemmWorkspace } from "../program/workspace.js";
import { add } from "./add.js";
import { broadcastTo } from "./broadcastTo.js";
import { cast } from "./cast.js";
import { expandDims } from "./expandDims.js";
import { iota } from "./iota.js";
import { lessEqual } from "./lessEqual.js";
import { matmul } from "./matmul.js";
import { mul } from "./mul.js";
import { at, op, WORKSPACE, type Op } from "./op.js";
import { reshape } from "./reshape.js";
import { softmax } from "./softmax.js";
import { softmaxGrad } from "./softmaxGrad.js";
import { turned } from "./swapAxes.js";
import { where } from "./where.js";

export interface AttentionAttrs {
  /** Added to the scores, or bool: true where a query may look. Broadcasts to [..., time, source]. */
  readonly mask?: Value;
  /** Query i sees the first i + 1 positions only. */
  readonly causal?: boolean;
  /** Factor of q · kᵀ; 1/√d when absent. */
  readonly scale?: number;
}

type Resolved = { readonly scale: number; readonly causal: boolean };

/** Query rows of a unit: ROWS in assembly/attention.ts. */
const ROWS = 64;

/** q: [N, H, T, D]   k: [N, H, S, D]   v: [N, H, S, E]   mask, if any: [N, H, T, S], added   returns [N, H, T, E] */
const attentionOp: Op<readonly [q: Value, k: Value, v: Value, ...mask: Value[]], Resolved> = op({
  name: "scaledDotProductAttention",
  shape: ([q, , v]) => ({ shape: [...q.shape.slice(0, 3), v.shape[3]!], dtype: "float32" }),
  // By the composition: the weights are computed once more, and only here do they go to memory.
  vjp: (dy, _y, [q, k, v, mask], { scale, causal }) => {
    const weights = attentionWeights(q, k, mask, { scale, causal });
    const flow = softmaxGrad(weights, matmul(dy, turned(v)), { log: false });
    const scaled = mul(flow, constant(scale));
    return [matmul(scaled, k), matmul(turned(scaled), q), matmul(turned(weights), dy), ...(mask ? [flow] : [])];
  },
  lower: ([out], [q, k, v, mask], { scale, causal }) => {
    const [n, heads, time, d] = q.shape as readonly [number, number, number, number];
    const [source, e] = [k.shape[2]!, v.shape[3]!];
    const rows = Math.min(ROWS, time);
    const product = Math.max(gemmWorkspace({ m: rows, n: source, k: d }), gemmWorkspace({ m: rows, n: e, k: source }));
    const strides = [q, k, v, mask].flatMap((x) => (x ? x.strides.slice(0, 3) : [0, 0, 0]));
    return {
      kernel: "f32_attention",
      workspace: 4 * ROWS * (1 + Math.ceil(source / 4) * 4) + product,
      words: [at(out), at(q), at(k), at(v), mask ? at(mask) : 0, WORKSPACE, n, heads, time, source, d, e, f32Word(scale), causal ? 1 : 0, ...strides],
      split: { units: n * heads * Math.ceil(time / ROWS), outputs: [time % ROWS === 0 ? 4 * ROWS * e : null], inputs: [null, null, null, ...(mask ? [null] : [])] },
    };
  },
  strided: ({ shape, strides }) => shape[3]! <= 1 || strides[3] === 1,
  heavy: true,
  flops: (out, [q, k]) => 2 * sizeOf(out.shape.slice(0, 3)) * k.shape[2]! * (q.shape[3]! + out.shape[3]!),
});

/**
 * softmax(q·kᵀ·scale + mask)·v, all leading axes broadcast. A query that sees nothing gives NaN.   Vaswani et al. 2017, eq. 1
 *
 * q: [..., time, d]   k: [..., source, d]   v: [..., source, e]   returns [..., time, e], float32
 * Throws ShapeError when sizes differ or axes do not broadcast, ValueError for a scale that is no number.
 */
export function scaledDotProductAttention(q: Value, k: Value, v: Value, { mask, causal = false, scale }: AttentionAttrs = {}): Value {
  const where = "scaledDotProductAttention";
  if ([q, k, v].some(({ shape }) => shape.length < 2)) throw new ShapeError(`${where}: q, k and v need rank 2 or more, got ${[q, k, v].map(({ shape }) => showShape(shape)).join(", ")}.`);
  const [time, d, source] = [q.shape.at(-2)!, q.shape.at(-1)!, k.shape.at(-2)!];
  if (k.shape.at(-1) !== d || v.shape.at(-2) !== source) {
    throw new ShapeError(`${where}: expected q [..., time, d], k [..., source, d], v [..., source, e], got ${[q, k, v].map(({ shape }) => showShape(shape)).join(", ")}.`);
  }
  const factor = scale ?? 1 / Math.sqrt(d);
  if (!Number.isFinite(factor)) throw new ValueError(`${where}: scale must be a finite number, got ${factor}.`);
  const added = mask && asAdded(mask);
  const lead = [k, v, ...(added ? [added] : [])].reduce<Shape>((shape, x) => broadcastShapes(shape, x.shape.slice(0, -2), where), q.shape.slice(0, -2));
  // Two leading axes, whatever there are: the last one, and all before it as one.
  const four = (x: Value, inner: Shape): Value => {
    const whole = broadcastTo(cast(x, { dtype: "float32" }), { shape: [...lead, ...inner] });
    return lead.length === 2 ? whole : reshape(whole, { shape: [sizeOf(lead.slice(0, -1)), lead.at(-1) ?? 1, ...inner] });
  };
  const operands = [four(q, [time, d]), four(k, [source, d]), four(v, [source, v.shape.at(-1)!])] as const;
  const y = attentionOp(...operands, ...(added ? [four(added, [time, source])] : []), { scale: factor, causal });
  return reshape(y, { shape: [...lead, time, v.shape.at(-1)!] });
}

/** The weights, as ops that are not fused. */
function attentionWeights(q: Value, k: Value, mask: Value | undefined, { scale, causal }: Resolved): Value {
  const scaled = mul(matmul(q, turned(k)), constant(scale));
  const masked = mask ? add(scaled, mask) : scaled;
  if (!causal) return softmax(masked);
  const sees = lessEqual(iota({ n: k.shape[2]! }), expandDims(iota({ n: q.shape[2]! }), { axes: 1 }));
  return softmax(where(sees, masked, constant(-Infinity)));
}

/** A mask of rank 2 or more, to be added: 0 where bool is true, else −∞. */
function asAdded(mask: Value): Value {
  const added = mask.dtype === "bool" ? where(mask, constant(0), constant(-Infinity)) : mask;
  return added.shape.length < 2 ? reshape(added, { shape: [...new Array<number>(2 - added.shape.length).fill(1), ...added.shape] }) : added;
}
