// Rows of dense layers, activations, convolutions, pools, and of layers that change shapes.
import type { LayerRow } from "./harness.js";

export const CORE: readonly LayerRow[] = [
  { layer: "dense", options: { units: 4 }, inputs: [[5]], output: [4], params: 24 },
  { layer: "activation", options: { activation: "tanh" }, inputs: [[4]], output: [4] },
  { layer: "conv2d", options: { filters: 3, kernelSize: 3 }, inputs: [[6, 5, 2]], output: [4, 3, 3], params: 57 },
  { layer: "maxPooling2d", inputs: [[6, 5, 2]], output: [3, 2, 2] },
  { layer: "averagePooling2d", inputs: [[6, 5, 2]], output: [3, 2, 2] },
  { layer: "flatten", inputs: [[2, 3, 2]], output: [12] },
];
