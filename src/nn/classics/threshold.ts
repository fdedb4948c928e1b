// Neurons of the first generation: they fire when enough comes in. McCulloch & Pitts 1943; and the network of them that gives any truth table.
import { ShapeError, ValueError } from "../../base/errors.js";
import { showShape } from "../../base/shape.js";
import { add, cast, greaterEqual, logicalAnd, matmul, mul, sub, sum, Tensor, tensor, type TensorLike } from "../../engine/index.js";
import { checkNumber, checkOptions, checkWhole } from "../../base/options.js";

/** Options of mcCullochPitts(). */
export interface McCullochPittsOptions {
  /** The neuron fires when so many of its exciting inputs are on. */
  readonly threshold: number;
  /** Positions of inputs that silence it; default: none. */
  readonly inhibitory?: readonly number[];
}

/**
 * A McCulloch-Pitts neuron: 1 where the exciting inputs add up to `threshold` and no inhibitory one is on, else 0.
 *
 * The function it returns takes [batch, inputs] of 0 and 1 and gives int32 [batch].   Throws ShapeError for other ranks, ValueError for positions that are no inputs.
 */
export function mcCullochPitts(options: McCullochPittsOptions): (x: TensorLike) => Tensor {
  const { threshold, inhibitory = [] } = checkOptions(options, ["threshold", "inhibitory"], "mcCullochPitts");
  checkNumber(threshold, "mcCullochPitts: threshold");
  return (given) => {
    const x = rowsOf(given, "mcCullochPitts");
    const inputs = x.shape[1]!;
    for (const at of inhibitory) if (checkWhole(at, "mcCullochPitts: inhibitory", 0) >= inputs) throw new ValueError(`mcCullochPitts: inhibitory: expected positions below ${inputs}, got ${at}.`);
    const exciting = tensor(Array.from({ length: inputs }, (_, i) => Number(!inhibitory.includes(i))), undefined, "float32");
    const excited = greaterEqual(sum(mul(x, exciting), { axes: [1] }), threshold);
    const quiet = greaterEqual(0, sum(mul(x, sub(1, exciting)), { axes: [1] }));
    return cast(logicalAnd(excited, quiet), "int32");
  };
}

/** All 2ⁿ combinations of n inputs, 0 and 1, [2ⁿ, n]; the first input changes slowest. */
export function combinations(n: number): number[][] {
  checkWhole(n, "combinations: n");
  return Array.from({ length: 2 ** n }, (_, row) => Array.from({ length: n }, (_, i) => (row >> (n - 1 - i)) & 1));
}

/**
 * The network of thresholds that gives a truth table: a hidden unit for every combination of inputs, which fires for that one alone; the output adds up
 * those whose row is 1. So 2ⁿ hidden units give each of the 2^(2ⁿ) functions of n inputs.
 *
 * table: 2ⁿ values 0 or 1, in the order of combinations(n)   The function it returns takes [batch, n] and gives int32 [batch].   Throws ValueError for another length or value.
 */
export function booleanNetwork(table: readonly number[]): (x: TensorLike) => Tensor {
  const n = Math.round(Math.log2(table.length));
  if (table.length < 2 || 2 ** n !== table.length) throw new ValueError(`booleanNetwork: expected a table of 2ⁿ values, got ${table.length}.`);
  if (!table.every((value) => value === 0 || value === 1)) throw new ValueError(`booleanNetwork: expected values 0 and 1, got ${table.find((value) => value !== 0 && value !== 1)}.`);
  const rows = combinations(n);
  // Of inputs ±1, a unit with the signs of its combination gets n from that one and at most n − 2 from others.
  const signs = tensor(Array.from({ length: n }, (_, i) => rows.map((row) => 2 * row[i]! - 1)), undefined, "float32");
  const outputs = tensor(table, [table.length, 1], "float32");
  return (given) => {
    const x = rowsOf(given, "booleanNetwork", n);
    const hidden = cast(greaterEqual(matmul(sub(mul(2, x), 1), signs), n), "float32");
    return cast(greaterEqual(matmul(hidden, outputs), 1), "int32").reshape([x.shape[0]!]);
  };
}

/** Whether w·x + b ≥ 0, [batch]: the side of a line, plane … that points lie on. */
export function fires(x: TensorLike, weights: TensorLike, bias: TensorLike): Tensor {
  const rows = rowsOf(x, "fires");
  const w = weights instanceof Tensor ? weights : tensor(weights, undefined, "float32");
  return cast(greaterEqual(add(sum(mul(rows, w), { axes: [1] }), bias), 0), "int32");
}

/** Points as float32 [batch, inputs]. */
export function rowsOf(given: TensorLike, where: string, inputs?: number): Tensor {
  const x = given instanceof Tensor ? cast(given, "float32") : tensor(given, undefined, "float32");
  if (x.shape.length !== 2 || (inputs !== undefined && x.shape[1] !== inputs)) throw new ShapeError(`${where}: expected points [batch, ${inputs ?? "inputs"}], got ${showShape(x.shape)}.`);
  return x;
}
