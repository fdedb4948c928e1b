// Every op against its float64 reference: values for all layouts of its inputs, gradients and their gradients. The rows stand in test/rows.
import { beforeAll, describe, expect, test } from "vitest";
import { gradients } from "../src/compile/grad.js";
import { init } from "../src/engine/device.js";
import { evaluate } from "../src/engine/evaluate.js";
import { dataLeaf } from "../src/engine/source.js";
import { constant, type Value } from "../src/graph/value.js";
import { OPS } from "../src/ops/index.js";
import { ROWS } from "./rows/index.js";
import { checkForward, checkGradient, checkSecond, nameOf } from "./rows/run.js";

beforeAll(() => init());

describe.each(ROWS.map((row) => [nameOf(row), row] as const))("%s", (_name, row) => {
  test(`is its reference within ${row.tolerance[0]}: ${row.tolerance[1]}`, () => checkForward(row));
  if (row.gradient !== undefined) return;
  test("has the reference's gradient", () => expect(checkGradient(row)).toBeGreaterThan(0));
  if (row.second !== undefined) return;
  test("has the reference's second derivatives", () => void checkSecond(row));
});

/** Gradient of Σ f(x, y) for x and y, at points where a rule has to choose. */
const KINKS: readonly { claim: string; f: (x: Value, y: Value) => Value; x: number[]; y?: number[]; dx: number[]; dy?: number[] }[] = [
  { claim: "abs: 0 at 0", f: (x) => OPS.abs(x), x: [-2, 0, 3], dx: [-1, 0, 1] },
  { claim: "relu: 0 at 0 and below", f: (x) => OPS.relu(x), x: [-2, 0, 3], dx: [0, 0, 1] },
  { claim: "maximum: equal operands share", f: (x, y) => OPS.maximum(x, y), x: [1, 2, 3], y: [2, 2, 2], dx: [0, 0.5, 1], dy: [1, 0.5, 0] },
  { claim: "minimum: equal operands share", f: (x, y) => OPS.minimum(x, y), x: [1, 2, 3], y: [2, 2, 2], dx: [1, 0.5, 0], dy: [0, 0.5, 1] },
  { claim: "max: equal elements share", f: (x) => OPS.max(x), x: [3, 1, 3, 2], dx: [0.5, 0, 0.5, 0] },
  { claim: "min: equal elements share", f: (x) => OPS.min(x), x: [3, 1, 1, 1], dx: [0, 1 / 3, 1 / 3, 1 / 3] },
  { claim: "clip: 1 on the bounds, 0 outside", f: (x) => OPS.clip(x, { min: -1, max: 1 }), x: [-2, -1, 0, 1, 2], dx: [0, 1, 1, 1, 0] },
  { claim: "relu6: 0 at 0, 1 at 6", f: (x) => OPS.relu6(x), x: [-1, 0, 3, 6, 7], dx: [0, 0, 1, 1, 0] },
  { claim: "leakyRelu: alpha at 0", f: (x) => OPS.leakyRelu(x, { alpha: 0.5 }), x: [-1, 0, 1], dx: [0.5, 0.5, 1] },
  { claim: "elu: alpha at 0", f: (x) => OPS.elu(x, { alpha: 2 }), x: [0, 1], dx: [2, 1] },
  { claim: "prelu: alpha's gradient is x below 0, and 0 above", f: (x, y) => OPS.prelu(x, y), x: [-2, 0, 3], y: [0.5, 0.5, 0.5], dx: [0.5, 0.5, 1], dy: [-2, 0, 0] },
  { claim: "softShrink: 0 on the bounds", f: (x) => OPS.softShrink(x), x: [-0.5, 0, 0.5, 1], dx: [0, 0, 0, 1] },
  { claim: "hypot: 0 at the origin", f: (x, y) => OPS.hypot(x, y), x: [0, 3], y: [0, 4], dx: [0, 0.6], dy: [0, 0.8] },
  { claim: "maxout: to the winner; equal ones share", f: (x) => OPS.maxout(x, { units: 2 }), x: [1, 3, 2, 2], dx: [0, 1, 0.5, 0.5] },
  { claim: "step and sign: none", f: (x) => OPS.add(OPS.step(x, { atZero: 1 }), OPS.sign(x)), x: [-1, 0, 1], dx: [0, 0, 0] },
  { claim: "logAddExp: halves where both are −∞", f: (x, y) => OPS.logAddExp(x, y), x: [-Infinity, 0], y: [-Infinity, -Infinity], dx: [0.5, 1], dy: [0.5, 0] },
  { claim: "pow: finite at a base of 0", f: (x, y) => OPS.pow(x, y), x: [0, 0, 0, -2], y: [0, 1, 2, 2], dx: [0, 1, 0, -4], dy: [0, 0, 0, NaN] },
  { claim: "prod: right at one zero, and at two", f: (x) => OPS.prod(OPS.reshape(x, { shape: [2, 3] }), { axes: 1 }), x: [0, 2, 3, 0, 0, 5], dx: [6, 0, 0, 0, 0, 0] },
  { claim: "sqrt: infinite at 0", f: (x) => OPS.sqrt(x), x: [0, 4], dx: [Infinity, 0.25] },
  { claim: "where: 0 for the operand not taken, even where it is NaN", f: (x, y) => OPS.where(OPS.greater(x, constant(0)), x, y), x: [1, -1], y: [NaN, 5], dx: [1, 0], dy: [0, 1] },
  { claim: "logSumExp: finite beside −∞", f: (x) => OPS.logSumExp(x), x: [-Infinity, 0], dx: [0, 1] },
  { claim: "stopGradient: none", f: (x, y) => OPS.mul(OPS.stopGradient(x), y), x: [2], y: [3], dx: [0], dy: [2] },
];

describe("where a gradient has to choose", () => {
  test.each(KINKS)("$claim", ({ f, x, y = x, dx, dy }) => {
    const [a, b] = [x, y].map((values) => dataLeaf(Float32Array.from(values), [values.length], "float32")) as [Value, Value];
    const grads = gradients(OPS.sum(f(a, b)), [a, b]);
    const found = grads.map((grad, i) => (grad ? [...evaluate([grad])[0]!] : [a, b][i]!.shape.flatMap((n) => new Array<number>(n).fill(0))));
    expect(found[0]).toEqual(dx.map(Math.fround));
    if (dy) expect(found[1]).toEqual(dy.map(Math.fround));
  });
});

const vector = (...values: number[]): Value => dataLeaf(Float32Array.from(values), [values.length], "float32");
const integers = (...values: number[]): Value => dataLeaf(Int32Array.from(values), [values.length], "int32");
const zeros = (...shape: number[]): Value => dataLeaf(new Float32Array(shape.reduce((size, dim) => size * dim, 1)), shape, "float32");

describe("a run reports", () => {
  test.each<[claim: string, value: () => Value]>([
    ["an index of gather that is too large", () => OPS.gather(zeros(2, 3), integers(0, 2))],
    ["an index of gather below 0", () => OPS.gather(zeros(2, 3), integers(-1))],
    ["a class number out of range", () => OPS.softmaxCrossEntropy(zeros(2, 3), integers(0, 3))],
  ])("%s", (_claim, value) => expect(() => evaluate([value()])).toThrow(/out of range/));
});

/** Wrong operands: what the message must name. */
const ERRORS: readonly [claim: string, attempt: () => unknown, message: RegExp][] = [
  ["add names shapes that do not broadcast", () => OPS.add(zeros(3), zeros(4)), /add: shapes \[3\] and \[4\] do not broadcast/],
  ["matmul names k of both", () => OPS.matmul(zeros(2, 3), zeros(4, 2)), /inner sizes differ.*k = 3.*k = 4/],
  ["matmul asks for rank 2", () => OPS.matmul(vector(1), vector(1)), /rank 2 or more/],
  ["dot names lengths that differ", () => OPS.dot(vector(1), vector(1, 2)), /lengths differ/],
  ["reshape names both sizes", () => OPS.reshape(zeros(2, 3), { shape: [4] }), /\[2, 3\] has 6 elements, which do not fit \[4\]/],
  ["slice names the axis that runs out", () => OPS.slice(zeros(2, 3), { begin: [0, 2], size: [2, 2] }), /axis 1 of \[2, 3\] has no 2 elements from 2/],
  ["slice takes no axis too many", () => OPS.slice(zeros(2), { begin: [0, 0] }), /more axes than \[2\] has/],
  ["squeeze names an axis that is thick", () => OPS.squeeze(zeros(2, 1), { axes: 0 }), /axis 0 of \[2, 1\] has size 2/],
  ["concat names shapes that differ", () => OPS.concat([zeros(2, 3), zeros(2, 4)]), /\[2, 3\] and \[2, 4\] differ besides axis 0/],
  ["concat needs a tensor", () => OPS.concat([]), /at least one tensor/],
  ["pad needs a pair an axis", () => OPS.pad(zeros(2, 3), { padding: [[1, 1]] }), /must be 2 pairs/],
  ["argMax refuses an empty axis", () => OPS.argMax(zeros(2, 0), { axis: 1 }), /axis 1 of \[2, 0\] is empty/],
  ["sum names an axis out of range", () => OPS.sum(zeros(2, 3), { axes: 2 }), /axis 2 is out of range for rank 2/],
  ["conv2d names channels that differ", () => OPS.conv2d(zeros(1, 4, 4, 3), zeros(3, 3, 2, 8)), /axis 3 of \[1, 4, 4, 3\] and axis 2 of \[3, 3, 2, 8\] differ, 3 and 2/],
  ["conv2d names a filter that does not fit", () => OPS.conv2d(zeros(1, 4, 2, 3), zeros(3, 3, 3, 8)), /window of 3 pixels does not fit width 2/],
  ["conv2d refuses a stride of 0", () => OPS.conv2d(zeros(1, 4, 4, 3), zeros(3, 3, 3, 8), { strides: 0 }), /strides must be whole numbers from 1/],
  ["conv2d refuses integers", () => OPS.conv2d(OPS.cast(zeros(1, 4, 4, 3), { dtype: "int32" }), zeros(3, 3, 3, 8)), /takes float32, got int32/],
  ["maxPool2d refuses a window that lies in the padding", () => OPS.maxPool2d(zeros(1, 4, 4, 1), { poolSize: 2, padding: 2 }), /padding must be smaller than the window/],
  ["softmaxCrossEntropy names the shapes labels may have", () => OPS.softmaxCrossEntropy(zeros(4, 10), integers(1, 2)), /must be \[4, 10\] weights or \[4\] class numbers, got \[2\]/],
  ["softmaxCrossEntropy takes no float class numbers", () => OPS.softmaxCrossEntropy(zeros(2, 10), vector(1, 2)), /class numbers must be integers, got float32/],
  ["batchNormalize names the row that does not fit", () => OPS.batchNormalize(zeros(5, 3), zeros(3), zeros(4), { epsilon: 1e-3 }), /beta must be \[3\].*got \[4\]/],
  ["dropout names the rate", () => OPS.dropout(vector(1), integers(0, 0, 0, 0), { rate: 1, stream: 0 }), /rate must be in \[0, 1\), got 1/],
  ["random asks for a key of four", () => OPS.random(integers(1), { distribution: "uniform", shape: [2], stream: 0, a: 0, b: 1 }), /a key is \[4\], got \[1\]/],
  ["gather takes no float indices", () => OPS.gather(zeros(2, 3), vector(0)), /indices must be integers, got float32/],
  ["adamStep names a gradient of another shape", () => OPS.adamStep(zeros(2), zeros(2), zeros(2), zeros(3), zeros(), { beta1: 0.9, beta2: 0.999, epsilon: 1e-7 }), /the parameter is \[2\].*got \[3\]/],
  ["clip names bounds that cross", () => OPS.clip(vector(1), { min: 2, max: 1 }), /min 2 is not at or below max 1/],
];

describe("errors say what is wrong", () => {
  test.each(ERRORS)("%s", (_claim, attempt, message) => expect(attempt).toThrow(message));
});
