// Rows of layers that prepare data: scales, sizes, categories, vocabularies, augmentation.
import type { Discretization } from "../../../src/nn/layers/encoding.js";
import type { IntegerLookup } from "../../../src/nn/layers/lookup.js";
import type { Normalization } from "../../../src/nn/layers/normalization.js";
import type { LayerRow } from "./harness.js";

const ROWS_OF_FOUR = Array.from({ length: 6 }, (_, i) => [i, 2 * i, i * i, 5]);

const SCALES: readonly LayerRow[] = [
  { layer: "rescaling", options: { scale: 0.5, offset: 1 }, inputs: [[6]], output: [6] },
  { layer: "rescaling", options: { scale: [0.5, 2], offset: [1, 0] }, inputs: [[3, 2]], output: [3, 2] },
  { layer: "normalization", inputs: [[4]], output: [4], params: 8 },
  { layer: "normalization", options: { axis: [1, -1] }, inputs: [[3, 4]], output: [3, 4], params: 24 },
  { layer: "normalization", options: { axis: null }, inputs: [[3, 4]], output: [3, 4], params: 2 },
  { layer: "normalization", options: { mean: [1, 2, 3, 4], variance: 4, invert: true }, inputs: [[4]], output: [4] },
  // The last feature never changes: its slope is 10⁷, which no difference shows.
  { layer: "normalization", inputs: [[4]], output: [4], params: 8, prepare: (layer) => void (layer as Normalization).adapt(ROWS_OF_FOUR), hasSlopes: false },
  { layer: "resizing", options: { height: 3, width: 5 }, inputs: [[4, 4, 2]], output: [3, 5, 2] },
  { layer: "resizing", options: { height: 2, width: 4, interpolation: "nearest", cropToAspectRatio: true }, inputs: [[6, 6, 1]], output: [2, 4, 1] },
  { layer: "resizing", options: { height: 5, width: 3, interpolation: "bicubic" }, inputs: [[4, 4, 2]], output: [5, 3, 2] },
  { layer: "resizing", options: { height: 4, width: 2, padToAspectRatio: true, fillValue: 1, dataFormat: "channelsFirst" }, inputs: [[2, 5, 5]], output: [2, 4, 2] },
  { layer: "centerCrop", options: { height: 2, width: 3 }, inputs: [[4, 4, 2]], output: [2, 3, 2] },
  { layer: "centerCrop", options: { height: 6, width: 3 }, inputs: [[4, 4, 2]], output: [6, 3, 2] },
]; // prettier-ignore

const tokens = (i: number): number => (i * 7) % 5;
const CATEGORIES: readonly LayerRow[] = [
  { layer: "categoryEncoding", options: { numTokens: 5 }, inputs: [[3]], output: [5], values: tokens, mask: "ends", hasSlopes: false },
  { layer: "categoryEncoding", options: { numTokens: 5, outputMode: "oneHot" }, inputs: [[3]], output: [3, 5], dtype: "int32", values: tokens, mask: "ends" },
  { layer: "categoryEncoding", options: { numTokens: 5, outputMode: "one_hot" }, inputs: [[1]], output: [5], values: tokens, mask: "ends", hasSlopes: false },
  { layer: "categoryEncoding", options: { numTokens: 5, outputMode: "count" }, inputs: [[2, 3]], output: [2, 5], values: tokens, mask: "ends", hasSlopes: false },
  { layer: "categoryEncoding", options: { numTokens: 5, outputMode: "count" }, inputs: [[3], [3]], output: [5], values: tokens, mask: "ends", hasSlopes: false },
  { layer: "discretization", options: { binBoundaries: [-1, 0, 1] }, inputs: [[3]], output: [3], outputDtype: "int32" },
  { layer: "discretization", options: { numBins: 3, outputMode: "oneHot" }, inputs: [[3]], output: [3, 3], prepare: (layer) => void (layer as Discretization).adapt(ROWS_OF_FOUR), mask: "ends", hasSlopes: false },
  { layer: "integerLookup", options: { vocabulary: [10, -3, 7], maskToken: 0 }, inputs: [[4]], output: [4], dtype: "int32", outputDtype: "int32", values: (i) => [10, 7, 0, 99, -3][i % 5]! },
  { layer: "integerLookup", options: { numOovIndices: 2, outputMode: "count" }, inputs: [[4]], output: [6], values: (i) => i % 7, prepare: (layer) => void (layer as IntegerLookup).adapt([3, 3, 1, 5, 4]), mask: "ends", hasSlopes: false },
  { layer: "integerLookup", options: { vocabulary: [10, -3], maskToken: 0, idfWeights: [0.5, 2], outputMode: "tfIdf" }, inputs: [[4]], output: [3], values: (i) => [10, 0, -3, 9][i % 4]!, mask: "ends", hasSlopes: false },
  { layer: "integerLookup", options: { vocabulary: [10, -3], invert: true }, inputs: [[4]], output: [4], outputDtype: "int32", values: (i) => i % 5 },
]; // prettier-ignore

/** Outside of training they pass on what they get; what they draw stands in augmentation.test.ts. */
const AUGMENTATION: readonly LayerRow[] = [
  { layer: "randomFlip", inputs: [[4, 4, 2]], output: [4, 4, 2] },
  { layer: "randomFlip", options: { mode: "vertical", seed: 3 }, inputs: [[4, 4, 2]], output: [4, 4, 2] },
  { layer: "randomRotation", options: { factor: 0.1 }, inputs: [[4, 5, 2]], output: [4, 5, 2] },
  { layer: "randomZoom", options: { heightFactor: 0.2, widthFactor: [0, 0.1], fillMode: "wrap", seed: 2 }, inputs: [[4, 5, 2]], output: [4, 5, 2] },
  { layer: "randomTranslation", options: { heightFactor: 0.2, widthFactor: [0, 0.1], fillMode: "constant", fillValue: 2, interpolation: "nearest" }, inputs: [[4, 5, 2]], output: [4, 5, 2] },
  { layer: "randomTranslation", options: { heightFactor: 0.2, widthFactor: 0.3, dataFormat: "channelsFirst" }, inputs: [[2, 4, 5]], output: [2, 4, 5] },
  { layer: "randomContrast", options: { factor: 0.3 }, inputs: [[4, 4, 2]], output: [4, 4, 2] },
  { layer: "randomBrightness", options: { factor: [-0.1, 0.3], valueRange: [0, 1] }, inputs: [[4, 4, 2]], output: [4, 4, 2] },
  { layer: "randomGrayscale", options: { factor: 0.3, seed: 1 }, inputs: [[4, 4, 3]], output: [4, 4, 3] },
  { layer: "randomSaturation", options: { factor: [0.3, 0.7], valueRange: [0, 1] }, inputs: [[4, 4, 3]], output: [4, 4, 3] },
  { layer: "randomHue", options: { factor: 0.2, seed: 1, dataFormat: "channelsFirst" }, inputs: [[3, 4, 4]], output: [3, 4, 4] },
  { layer: "randomCrop", options: { height: 2, width: 3 }, inputs: [[4, 5, 2]], output: [2, 3, 2] },
  { layer: "randomCrop", options: { height: 2, width: 3, seed: 4, dataFormat: "channelsFirst" }, inputs: [[1, 4, 5]], output: [1, 2, 3] },
];

export const PREPROCESSING: readonly LayerRow[] = [...SCALES, ...CATEGORIES, ...AUGMENTATION];
