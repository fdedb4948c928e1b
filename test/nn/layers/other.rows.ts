// Rows of normalisation, dropout and preprocessing.
import type { LayerRow } from "./harness.js";

export const OTHER: readonly LayerRow[] = [
  { layer: "batchNormalization", inputs: [[4]], output: [4], params: 16 },
  { layer: "dropout", options: { rate: 0.5 }, inputs: [[6]], output: [6] },
  { layer: "rescaling", options: { scale: 0.5, offset: 1 }, inputs: [[6]], output: [6] },
];
