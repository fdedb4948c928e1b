// Rows of dense layers and activations.
import { tanh } from "../../../src/engine/index.js";
import type { LayerRow } from "./harness.js";

const DENSE: readonly LayerRow[] = [
  { layer: "dense", options: { units: 4 }, inputs: [[5]], output: [4], params: 24 },
  { layer: "dense", options: { units: 4, activation: "tanh", useBias: false }, inputs: [[5]], output: [4], params: 20 },
  { layer: "dense", options: { units: 4, activation: tanh }, inputs: [[5]], output: [4], params: 24 },
  { layer: "dense", options: { units: 2 }, inputs: [[3, 5]], output: [3, 2], params: 12 },
  { layer: "dense", options: { units: 2 }, inputs: [[2, 3, 4]], output: [2, 3, 2], params: 10 },
  {
    layer: "dense",
    options: { units: 4, kernelRegularizer: "l2", biasRegularizer: { name: "l1", config: { l1: 0.02 } }, kernelConstraint: "maxNorm", biasConstraint: "nonNeg", activityRegularizer: "l2" },
    inputs: [[5]], output: [4], params: 24,
  },
  { layer: "einsumDense", options: { equation: "ab,bc->ac", outputShape: 4, biasAxes: "c" }, inputs: [[5]], output: [4], params: 24 },
  { layer: "einsumDense", options: { equation: "abc,cd->abd", outputShape: [null, 4], biasAxes: "d", activation: "tanh" }, inputs: [[3, 5]], output: [3, 4], params: 24 },
  { layer: "einsumDense", options: { equation: "abc,cde->abde", outputShape: [null, 2, 3], biasAxes: "de" }, inputs: [[3, 4]], output: [3, 2, 3], params: 30 },
  { layer: "einsumDense", options: { equation: "...x,xy->...y", outputShape: 4, biasAxes: "y" }, inputs: [[2, 3, 5]], output: [2, 3, 4], params: 24 },
  { layer: "einsumDense", options: { equation: "ab...,bc->ac...", outputShape: 4, biasAxes: "c" }, inputs: [[5, 2, 3]], output: [4, 2, 3], params: 24 },
  { layer: "einsumDense", options: { equation: "abc,bcd->ad", outputShape: [6] }, inputs: [[3, 4]], output: [6], params: 72 },
  { layer: "maxout", options: { units: 3 }, inputs: [[4]], output: [3], params: 30 },
  { layer: "maxout", options: { units: 2, pieces: 3, useBias: false }, inputs: [[2, 4]], output: [2, 2], params: 24 },
]; // prettier-ignore

const NAMES: readonly string[] = [
  "linear", "relu", "relu6", "leakyRelu", "leaky_relu", "elu", "selu", "celu", "gelu", "silu", "swish", "mish", "softplus", "softsign", "hardSigmoid", "hard_silu",
  "hardSwish", "hardTanh", "tanh", "sigmoid", "logSigmoid", "exponential", "softmax", "logSoftmax", "sparsemax", "squareplus", "tanhShrink", "softShrink",
  "hardShrink",
]; // prettier-ignore

/** One row an activation with options: those options, then none. */
const WITH_OPTIONS: readonly (readonly [layer: string, options: object])[] = [
  ["reLU", { maxValue: 1, negativeSlope: 0.1, threshold: 0.25 }],
  ["leakyReLU", { negativeSlope: 0.2 }],
  ["thresholdedReLU", { theta: 0.5 }],
  ["elu", { alpha: 0.7 }],
  ["celu", { alpha: 0.7 }],
  ["gelu", { approximate: true }],
  ["silu", { beta: 1.702 }],
  ["softmax", { axis: 1 }],
  ["sparsemax", { axis: 1 }],
  ["softShrink", { lambda: 0.3 }],
  ["hardShrink", { lambda: 0.3 }],
  ["squareplus", { b: 1 }],
];

const ACTIVATIONS: readonly LayerRow[] = [
  ...NAMES.map((activation) => ({ layer: "activation", options: { activation }, inputs: [[6]], output: [6] })),
  { layer: "activation", options: { activation: "glu" }, inputs: [[6]], output: [3] },
  // Values far above the threshold 1 learn; those below have slope 0.
  { layer: "activation", options: { activation: "threshold" }, inputs: [[6]], output: [6], values: (i) => 1.5 + Math.sin(i) },
  ...WITH_OPTIONS.flatMap(([layer, options]) => [{ layer, options, inputs: [[4, 3]], output: [4, 3] }, { layer, inputs: [[5]], output: [5] }]),
  { layer: "glu", inputs: [[6]], output: [3] },
  { layer: "glu", options: { axis: 1 }, inputs: [[4, 3]], output: [2, 3] },
  { layer: "prelu", inputs: [[5]], output: [5], params: 5 },
  { layer: "prelu", options: { sharedAxes: [1, 2], alphaInitializer: { name: "constant", config: { value: 0.25 } }, alphaRegularizer: "l1", alphaConstraint: "nonNeg" }, inputs: [[3, 4, 2]], output: [3, 4, 2], params: 2 },
];

export const CORE: readonly LayerRow[] = [...DENSE, ...ACTIVATIONS];
