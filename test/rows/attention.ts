// Rows of attention.
import { OPS } from "../../src/ops/index.js";
import type { Value } from "../../src/graph/value.js";
import { build, get, total, type Plain } from "./plain.js";
import { row, type Row } from "./row.js";

interface Attrs {
  readonly causal?: boolean;
  readonly scale?: number;
}

/** An index of axes that broadcast: those in front that x lacks are dropped, those of size 1 are 0. */
function at(x: Plain, index: readonly number[]): number {
  const own = index.slice(index.length - x.shape.length);
  return get(x, own.map((k, axis) => (x.shape[axis] === 1 ? 0 : k)));
}

/** The definition, one element at a time; a mask of 0 and 1 says where a query may look when `bool`. */
function attend([q, k, v, mask]: readonly Plain[], { causal, scale }: Attrs, bool: boolean): Plain {
  const [d, time, source] = [q!.shape.at(-1)!, q!.shape.at(-2)!, k!.shape.at(-2)!];
  const factor = Math.fround(scale ?? 1 / Math.sqrt(d));
  const lead = [q!, k!, v!].map(({ shape }) => shape.slice(0, -2)).reduce((a, b) => (a.length >= b.length ? a.map((n, i) => Math.max(n, b[i - a.length + b.length] ?? 1)) : b.map((n, i) => Math.max(n, a[i - b.length + a.length] ?? 1))));
  return build([...lead, time, v!.shape.at(-1)!], (index) => {
    const [batch, t, e] = [index.slice(0, -2), index.at(-2)!, index.at(-1)!];
    const scores = Array.from({ length: source }, (_, s) => {
      const product = total(Array.from({ length: d }, (_unused, i) => at(q!, [...batch, t, i]) * at(k!, [...batch, s, i]))) * factor;
      const given = mask ? at(mask, [...batch, t, s]) : 0;
      if (causal && s > t) return -Infinity;
      return bool && mask ? (given ? product : -Infinity) : product + given;
    });
    const peak = Math.max(...scores);
    const weights = scores.map((score) => Math.exp(score - peak));
    return total(weights.map((weight, s) => weight * at(v!, [...batch, s, e]))) / total(weights);
  });
}

const HEADS = [[2, 2, 5, 4], [2, 2, 6, 4], [2, 2, 6, 3]] as const;
const inputs = (...shapes: (readonly number[])[]): { shape: readonly number[] }[] => shapes.map((shape) => ({ shape }));

export const ATTENTION: readonly Row[] = [
  row<Attrs>({
    op: "scaledDotProductAttention",
    apply: ([q, k, v, mask], attrs) => OPS.scaledDotProductAttention(q!, k!, v!, { ...attrs, ...(mask && { mask }) }),
    reference: (operands, attrs) => attend(operands, attrs, false),
    tolerance: [2e-6, "two products of up to 70 terms and the exponents of the first"],
    domain: [-1.5, 1.5],
    cases: [
      { inputs: inputs(...HEADS), attrs: {} },
      { inputs: inputs([2, 2, 6, 4], [2, 2, 6, 4], [2, 2, 6, 4]), attrs: { causal: true } },
      { inputs: inputs([3, 5], [7, 5], [7, 2]), attrs: { scale: 0.7 } },
      { inputs: inputs([2, 3, 4], [2, 5, 4], [2, 5, 4], [5]), attrs: {} },
      { inputs: inputs(...HEADS, [5, 6]), attrs: { causal: true } },
      { inputs: inputs(...HEADS, [2, 1, 1, 6]), attrs: {} },
      { inputs: inputs([2, 3, 4], [1, 5, 4], [5, 4]), attrs: {} },
      // More queries than sources, two blocks of queries.
      { inputs: inputs([1, 70, 3], [1, 5, 3], [1, 5, 2]), attrs: { causal: true } },
      { inputs: inputs([67, 2], [66, 2], [66, 5]), attrs: { causal: true } },
      { inputs: inputs([0, 2], [3, 2], [3, 4]), attrs: {} },
    ],
  }),
  row<Attrs>({
    op: "scaledDotProductAttention",
    variant: "bool mask",
    apply: ([q, k, v, mask], attrs) => OPS.scaledDotProductAttention(q!, k!, v!, { ...attrs, mask: mask as Value }),
    reference: (operands, attrs) => attend(operands, attrs, true),
    tolerance: [2e-6, "two products of up to 6 terms and the exponents of the first"],
    domain: [-1.5, 1.5],
    cases: [{ inputs: [...inputs(...HEADS), { shape: [5, 6], dtype: "bool", values: [1, 0, 1, 1, 0, 1, 1] }], attrs: {} }],
  }),
];
