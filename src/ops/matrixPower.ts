// matrixPower: a square matrix times itself, by squaring.
import { ValueError } from "../base/errors.js";
import { sameShape, type Shape } from "../base/shape.js";
import { constant, type Value } from "../graph/value.js";
import { broadcastTo } from "./broadcastTo.js";
import { diagEmbed } from "./diagEmbed.js";
import { inv } from "./inv.js";
import { matmul } from "./matmul.js";
import { squareSizes } from "./matrices.js";

/** aᵖ of square matrices [..., n, n]; p a whole number, negative ones by the inverse. Throws ValueError for another p, and as inv. */
export function matrixPower(a: Value, { power }: { power: number }): Value {
  const { n } = squareSizes(a, "matrixPower");
  if (!Number.isInteger(power)) throw new ValueError(`matrixPower: power must be a whole number, got ${power}.`);
  if (power === 0) return broadcast(diagEmbed(broadcastTo(constant(1), { shape: [n] })), a.shape);
  let base = power < 0 ? inv(a) : a;
  let result: Value | null = null;
  for (let rest = Math.abs(power); ; ) {
    if (rest % 2 === 1) result = result ? matmul(result, base) : base;
    rest = Math.floor(rest / 2);
    if (rest === 0) return result!;
    base = matmul(base, base);
  }
}

function broadcast(x: Value, shape: Shape): Value {
  return sameShape(x.shape, shape) ? x : broadcastTo(x, { shape });
}
