// Rows of normalisation, noise, merging, embedding and masking.
import { add, mul, type Tensor } from "../../../src/engine/index.js";
import { layers, type Layer } from "../../../src/nn/index.js";
import type { LayerRow } from "./harness.js";

const AFFINE_RULES = { gammaRegularizer: "l2", gammaConstraint: "nonNeg", betaRegularizer: { name: "l1", config: { l1: 0.02 } }, betaInitializer: "ones" };

const NORMALIZING: readonly LayerRow[] = [
  { layer: "batchNormalization", inputs: [[4]], output: [4], params: 16 },
  { layer: "batchNormalization", options: AFFINE_RULES, inputs: [[3, 4]], output: [3, 4], params: 16, training: true },
  { layer: "batchNormalization", options: { axis: 1, momentum: 0.5 }, inputs: [[3, 2, 2]], output: [3, 2, 2], params: 12, training: true },
  { layer: "batchNormalization", options: { center: false, scale: false }, inputs: [[4]], output: [4], params: 8, training: true },
  { layer: "layerNormalization", inputs: [[5]], output: [5], params: 10 },
  { layer: "layerNormalization", options: { axis: [-1, 1], ...AFFINE_RULES }, inputs: [[3, 2, 4]], output: [3, 2, 4], params: 24 },
  { layer: "layerNormalization", options: { axis: 1, center: false }, inputs: [[3, 4]], output: [3, 4], params: 3 },
  { layer: "layerNormalization", options: { rmsScaling: true }, inputs: [[3, 4]], output: [3, 4], params: 4 },
  { layer: "groupNormalization", options: { groups: 2 }, inputs: [[3, 3, 4]], output: [3, 3, 4], params: 8 },
  { layer: "groupNormalization", options: { groups: -1, axis: 1, scale: false }, inputs: [[2, 3, 3]], output: [2, 3, 3], params: 2 },
  { layer: "rmsNormalization", inputs: [[5]], output: [5], params: 5 },
  { layer: "rmsNormalization", options: { axis: [1, 2], epsilon: 0.1 }, inputs: [[3, 4]], output: [3, 4], params: 12 },
  { layer: "unitNormalization", inputs: [[5]], output: [5] },
  { layer: "unitNormalization", options: { axis: 1 }, inputs: [[3, 2]], output: [3, 2] },
];

/** Outside of training they pass on what they get; what they draw stands in noise.test.ts. */
const NOISE: readonly LayerRow[] = [
  { layer: "dropout", options: { rate: 0.5 }, inputs: [[6]], output: [6] },
  { layer: "dropout", options: { rate: 0.5, noiseShape: [null, 1, 6], seed: 3 }, inputs: [[4, 6]], output: [4, 6] },
  { layer: "spatialDropout1d", options: { rate: 0.5 }, inputs: [[4, 6]], output: [4, 6] },
  { layer: "spatialDropout2d", options: { rate: 0.5, dataFormat: "channelsFirst" }, inputs: [[4, 3, 3]], output: [4, 3, 3] },
  { layer: "spatialDropout3d", options: { rate: 0.5, seed: 1 }, inputs: [[2, 2, 2, 3]], output: [2, 2, 2, 3] },
  { layer: "gaussianNoise", options: { stddev: 0.3 }, inputs: [[6]], output: [6] },
  { layer: "gaussianDropout", options: { rate: 0.3, seed: 2 }, inputs: [[6]], output: [6] },
  { layer: "alphaDropout", options: { rate: 0.3 }, inputs: [[6]], output: [6] },
  { layer: "alphaDropout", options: { rate: 0.3, noiseShape: [null, 1, 6] }, inputs: [[4, 6]], output: [4, 6] },
];

const TWO = [[3, 4], [3, 4]];
const MERGING: readonly LayerRow[] = [
  { layer: "add", inputs: TWO, output: [3, 4], mask: "changes" },
  { layer: "add", inputs: [[3, 4], [4], [1, 4]], output: [3, 4], mask: "changes" },
  { layer: "subtract", inputs: TWO, output: [3, 4], mask: "changes" },
  { layer: "multiply", inputs: [[3, 1], [3, 4], [3, 4]], output: [3, 4], mask: "changes" },
  { layer: "average", inputs: [[3, 4], [3, 4], [3, 4]], output: [3, 4], mask: "changes" },
  { layer: "maximum", inputs: TWO, output: [3, 4], mask: "changes" },
  { layer: "minimum", inputs: TWO, output: [3, 4], mask: "changes" },
  { layer: "concatenate", inputs: [[3, 4], [3, 2]], output: [3, 6], mask: "changes" },
  { layer: "concatenate", options: { axis: 1 }, inputs: [[3, 4], [3, 4], [3, 4]], output: [9, 4], mask: "changes" },
  { layer: "dot", options: { axes: 1 }, inputs: [[4], [4]], output: [1], mask: "ends" },
  { layer: "dot", options: { axes: [2, 1] }, inputs: [[3, 4], [4, 2]], output: [3, 2], mask: "ends" },
  { layer: "dot", options: { axes: -1, normalize: true }, inputs: [[3, 4], [2, 4]], output: [3, 2], mask: "ends" },
]; // prettier-ignore

const PASSING: readonly LayerRow[] = [
  { layer: "embedding", options: { inputDim: 7, outputDim: 3 }, inputs: [[5]], output: [5, 3], params: 21, dtype: "int32", values: (i) => i % 7, mask: "ends" },
  { layer: "embedding", options: { inputDim: 7, outputDim: 3, maskZero: true, embeddingsRegularizer: "l2" }, inputs: [[5]], output: [5, 3], params: 21, values: (i) => i % 7, mask: "changes", hasSlopes: false },
  { layer: "identity", inputs: [[3, 2]], output: [3, 2] },
  { layer: "identity", inputs: [[2]], output: [2], dtype: "int32", outputDtype: "int32", values: (i) => i },
  { layer: "masking", options: { maskValue: 2 }, inputs: [[3, 2]], output: [3, 2], mask: "changes" },
  { layer: "activityRegularization", options: { l1: 0.1, l2: 0.2 }, inputs: [[4]], output: [4] },
  { layer: "lambda", make: (options) => layers.lambda((x: Tensor) => mul(x, 2), options), inputs: [[4]], output: [4], hasConfig: false, isSaved: false },
  { layer: "lambda", make: (options) => layers.lambda((a: Tensor, b: Tensor) => add(a, b), options), options: { outputShape: [4] }, inputs: [[4], [4]], output: [4], hasConfig: false },
];

/** options.layer: an option of the row makes a new layer each time. */
const around = (make: (options: { readonly layer: Layer }) => Layer, inside: () => Layer) => (options: object): Layer => make({ ...options, layer: inside() });
const WRAPPING: readonly LayerRow[] = [
  { layer: "timeDistributed", make: around(layers.timeDistributed, () => layers.dense({ units: 2, activation: "tanh" })), inputs: [[3, 4]], output: [3, 2], params: 10 },
  { layer: "timeDistributed", make: around(layers.timeDistributed, () => layers.conv2d({ filters: 2, kernelSize: 2, kernelRegularizer: "l2" })), inputs: [[2, 4, 3, 1]], output: [2, 3, 2, 2], params: 10 },
  { layer: "timeDistributed", make: around(layers.timeDistributed, () => layers.batchNormalization()), options: { trainable: false }, inputs: [[3, 2]], output: [3, 2], params: 8 },
  { layer: "spectralNormalization", make: around(layers.spectralNormalization, () => layers.dense({ units: 2 })), options: { powerIterations: 2 }, inputs: [[3]], output: [2], params: 10 },
  { layer: "spectralNormalization", make: around(layers.spectralNormalization, () => layers.conv1d({ filters: 2, kernelSize: 2 })), inputs: [[4, 3]], output: [3, 2], params: 16, mask: "ends" },
]; // prettier-ignore

export const OTHER: readonly LayerRow[] = [...WRAPPING, ...NORMALIZING, ...NOISE, ...MERGING, ...PASSING];
