// kron: the Kronecker product, blocks of b scaled by the elements of a.
import type { Value } from "../graph/value.js";
import { mul } from "./mul.js";
import { reshape } from "./reshape.js";

/** Every element of a times the whole of b, side by side: sizes multiply axis by axis; missing axes in front have size 1. */
export function kron(a: Value, b: Value): Value {
  const rank = Math.max(a.shape.length, b.shape.length);
  const [m, n] = [a, b].map(({ shape }) => [...new Array<number>(rank - shape.length).fill(1), ...shape]) as [number[], number[]];
  const product = mul(reshape(a, { shape: m.flatMap((dim) => [dim, 1]) }), reshape(b, { shape: n.flatMap((dim) => [1, dim]) }));
  return reshape(product, { shape: m.map((dim, i) => dim * n[i]!) });
}
