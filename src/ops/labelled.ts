// Labelled tensors: the product of two tensors whose axes have labels, summed over those that nobody needs any more. What einsum and tensordot are made of.
import { sizeOf } from "../base/shape.js";
import type { Value } from "../graph/value.js";
import { matmul } from "./matmul.js";
import { mul } from "./mul.js";
import { reshape } from "./reshape.js";
import { sum } from "./sum.js";
import { transpose } from "./transpose.js";

/** A tensor with a label for each axis, all different. */
export interface Labelled {
  readonly value: Value;
  readonly labels: readonly string[];
}

/** The axes in the order of `labels`; those that are missing have size 1. */
export function arrange({ value, labels }: Labelled, wanted: readonly string[]): Value {
  const present = wanted.filter((label) => labels.includes(label));
  const turned = transpose(value, { perm: present.map((label) => labels.indexOf(label)) });
  return reshape(turned, { shape: wanted.map((label) => (labels.includes(label) ? value.shape[labels.indexOf(label)]! : 1)) });
}

/** Sums over the axes whose labels are not in `keep`. */
export function reduceTo({ value, labels }: Labelled, keep: ReadonlySet<string>): Labelled {
  const axes = labels.flatMap((label, axis) => (keep.has(label) ? [] : [axis]));
  return axes.length === 0 ? { value, labels } : { value: sum(value, { axes }), labels: labels.filter((label) => keep.has(label)) };
}

/**
 * Σ a · b over the shared labels that are not in `keep`; labels of one alone are kept. A matrix product where there is something to sum and an axis of
 * one operand alone, else an elementwise one. Result: shared labels first, then a's, then b's.
 */
export function contract(a: Labelled, b: Labelled, keep: ReadonlySet<string>): Labelled {
  const shared = a.labels.filter((label) => b.labels.includes(label));
  const batch = shared.filter((label) => keep.has(label));
  const summed = shared.filter((label) => !keep.has(label));
  const left = a.labels.filter((label) => !shared.includes(label));
  const right = b.labels.filter((label) => !shared.includes(label));
  const labels = [...batch, ...left, ...right];
  if (summed.length === 0) return { value: mul(arrange(a, labels), arrange(b, labels)), labels };
  if (left.length + right.length === 0) {
    const product = mul(arrange(a, [...batch, ...summed]), arrange(b, [...batch, ...summed]));
    return { value: sum(product, { axes: summed.map((_, i) => batch.length + i) }), labels };
  }
  const sizes = (x: Labelled, list: readonly string[]): number[] => list.map((label) => x.value.shape[x.labels.indexOf(label)]!);
  const [batchShape, m, n, k] = [sizes(a, batch), sizeOf(sizes(a, left)), sizeOf(sizes(b, right)), sizeOf(sizes(a, summed))];
  const product = matmul(
    reshape(arrange(a, [...batch, ...left, ...summed]), { shape: [...batchShape, m, k] }),
    reshape(arrange(b, [...batch, ...summed, ...right]), { shape: [...batchShape, k, n] }),
  );
  return { value: reshape(product, { shape: [...batchShape, ...sizes(a, left), ...sizes(b, right)] }), labels };
}
