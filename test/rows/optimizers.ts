// Rows of the optimizers' steps, against the formulas of their papers and of Keras.
import { part, type Value } from "../../src/graph/value.js";
import { OPS } from "../../src/ops/index.js";
import type { Plain } from "./plain.js";
import { row, type Input, type OpName, type Row } from "./row.js";

const TOLERANCE = [1e-6, "a handful of roundings, one root and one division"] as const;
const SIZES = [1, 3, 4, 5, 3 * 512 + 2];

/** f maps one element of each variable and the gradient, with the learning rate, to the variables' new elements. */
function step<A extends object>(op: OpName, variables: number, attrs: A, f: (xs: number[], g: number, rate: number, attrs: A) => number[], variant?: string): Row {
  const apply = OPS[op] as (...args: (Value | A)[]) => Value;
  return row<A>({
    op,
    ...(variant !== undefined && { variant }),
    apply: (inputs, given) => {
      const tuple = apply(...inputs, given);
      return Array.from({ length: variables }, (_, i) => part(tuple, i));
    },
    reference: (inputs, given) => {
      const results = inputs.slice(0, variables).map((): number[] => []);
      const g = inputs[variables]!.data;
      g.forEach((grad, i) => {
        const next = f(inputs.slice(0, variables).map((x) => x.data[i]!), grad, inputs[variables + 1]!.data[0]!, given);
        next.forEach((value, k) => results[k]!.push(value));
      });
      return results.map((data): Plain => ({ shape: inputs[0]!.shape, data }));
    },
    tolerance: TOLERANCE,
    gradient: "an update in place has none",
    cases: SIZES.map((n) => ({
      inputs: [
        { shape: [n], domain: [-1, 1] },
        // Second moments are positive, and above the square of a mean gradient.
        ...Array.from({ length: variables - 1 }, (): Input => ({ shape: [n], domain: [0.5, 1] })),
        { shape: [n], domain: [-0.5, 0.5] },
        { shape: [], values: [0.01] },
      ],
      attrs,
    })),
  });
}

type Rms = { rho: number; epsilon: number; delta: number; momentum: number };
const RMS: Rms = { rho: 0.9, epsilon: 1e-7, delta: 0.01, momentum: 0.8 };

export const OPTIMIZERS: readonly Row[] = [
  step("sgdStep", 1, {}, ([p], g, rate) => [p! - rate * g]),
  step("momentumStep", 2, { momentum: 0.9, nesterov: false }, ([p, v], g, rate) => {
    const velocity = 0.9 * v! - rate * g;
    return [p! + velocity, velocity];
  }),
  step("momentumStep", 2, { momentum: 0.9, nesterov: true }, ([p, v], g, rate) => {
    const velocity = 0.9 * v! - rate * g;
    return [p! + 0.9 * velocity - rate * g, velocity];
  }, "nesterov"),
  step("adamStep", 3, { beta1: 0.9, beta2: 0.999, epsilon: 1e-7 }, ([p, m, v], g, rate, { beta1, beta2, epsilon }) => {
    const first = m! + (g - m!) * (1 - beta1);
    const second = v! + (g * g - v!) * (1 - beta2);
    return [p! - (rate * first) / (Math.sqrt(second) + epsilon), first, second];
  }),
  step("rmspropStep", 2, RMS, ([p, v], g, rate, { rho, epsilon, delta }) => {
    const square = rho * v! + (1 - rho) * g * g;
    return [p! - (rate * g) / (Math.sqrt(square + epsilon) + delta), square];
  }),
  step("rmspropMomentumStep", 3, RMS, ([p, v, m], g, rate, { rho, epsilon, delta, momentum }) => {
    const square = rho * v! + (1 - rho) * g * g;
    const move = momentum * m! + (rate * g) / (Math.sqrt(square + epsilon) + delta);
    return [p! - move, square, move];
  }),
  step("rmspropCenteredStep", 3, { ...RMS, epsilon: 1 }, ([p, v, a], g, rate, { rho, epsilon, delta }) => {
    const square = rho * v! + (1 - rho) * g * g;
    const average = rho * a! + (1 - rho) * g;
    return [p! - (rate * g) / (Math.sqrt(Math.max(square - average * average, 0) + epsilon) + delta), square, average];
  }),
  step("rmspropCenteredMomentumStep", 4, { ...RMS, epsilon: 1 }, ([p, v, m, a], g, rate, { rho, epsilon, delta, momentum }) => {
    const square = rho * v! + (1 - rho) * g * g;
    const average = rho * a! + (1 - rho) * g;
    const move = momentum * m! + (rate * g) / (Math.sqrt(Math.max(square - average * average, 0) + epsilon) + delta);
    return [p! - move, square, move, average];
  }),
  row({
    op: "guardFinite",
    apply: (inputs) => OPS.guardFinite(...inputs),
    reference: (inputs): Plain => ({ shape: [], data: [inputs.every(({ data }) => data.every(Number.isFinite)) ? 1 : 0] }),
    tolerance: [0, "0 or 1"],
    gradient: "a condition has none",
    cases: [
      { inputs: [{ shape: [] }], attrs: {} },
      { inputs: [{ shape: [3 * 512 + 2] }, { shape: [2, 3] }, { shape: [0] }], attrs: {} },
      { inputs: [{ shape: [7] }, { shape: [3], values: [1, NaN, 2] }], attrs: {} },
      { inputs: [{ shape: [5], values: [1, 2, 3, 4, -Infinity] }, { shape: [3] }], attrs: {} },
      { inputs: [{ shape: [70, 61] }, { shape: [3] }, { shape: [5000] }], attrs: {} },
      { inputs: [{ shape: [4096] }, { shape: [70, 61], values: [...new Array<number>(4269).fill(1), NaN] }], attrs: {} },
    ],
  }),
];
