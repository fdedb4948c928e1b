// Rows of convolutions, pools, and of layers that change shapes.
import type { LayerRow } from "./harness.js";

/** Layers over pixels: masks end with them. */
const over = (layer: string, options: object, input: readonly number[], output: readonly number[], params = 0): LayerRow => ({ layer, options, inputs: [input], output, params, mask: "ends" });

const CONVOLUTIONS: readonly LayerRow[] = [
  over("conv1d", { filters: 3, kernelSize: 3 }, [7, 2], [5, 3], 21),
  over("conv1d", { filters: 3, kernelSize: 3, padding: "same", strides: 2, activation: "tanh" }, [7, 2], [4, 3], 21),
  over("conv1d", { filters: 3, kernelSize: 3, padding: "causal", dilationRate: 2 }, [7, 2], [7, 3], 21),
  over("conv1d", { filters: 4, kernelSize: 2, groups: 2, useBias: false, dataFormat: "channelsFirst" }, [2, 7], [4, 6], 8),
  over("conv2d", { filters: 3, kernelSize: 3 }, [6, 5, 2], [4, 3, 3], 57),
  over("conv2d", { filters: 3, kernelSize: [3, 2], strides: [2, 1], padding: "same", activation: "tanh" }, [6, 5, 2], [3, 5, 3], 39),
  over("conv2d", { filters: 4, kernelSize: 3, groups: 2, dilationRate: 2, padding: "same", kernelRegularizer: "l2", kernelConstraint: "unitNorm" }, [6, 5, 4], [6, 5, 4], 76),
  over("conv2d", { filters: 3, kernelSize: 2, padding: 1, dataFormat: "channelsFirst" }, [2, 4, 5], [3, 5, 6], 27),
  over("conv2d", { filters: 3, kernelSize: 1 }, [4, 5, 2], [4, 5, 3], 9),
  over("conv3d", { filters: 2, kernelSize: 2 }, [3, 4, 3, 2], [2, 3, 2, 2], 34),
  over("conv3d", { filters: 2, kernelSize: [2, 3, 1], padding: "same", strides: [1, 2, 1], dataFormat: "channels_first" }, [2, 3, 4, 3], [2, 3, 2, 3], 26),
  over("conv1dTranspose", { filters: 3, kernelSize: 3, strides: 2 }, [4, 2], [9, 3], 21),
  over("conv1dTranspose", { filters: 3, kernelSize: 3, strides: 2, padding: "same", dataFormat: "channelsFirst" }, [2, 4], [3, 8], 21),
  over("conv2dTranspose", { filters: 3, kernelSize: 3, strides: 2, padding: "same" }, [3, 4, 2], [6, 8, 3], 57),
  over("conv2dTranspose", { filters: 2, kernelSize: 3, strides: 2, outputPadding: 1 }, [3, 2, 2], [8, 6, 2], 38),
  over("conv3dTranspose", { filters: 2, kernelSize: 2, strides: 2 }, [2, 2, 1, 2], [4, 4, 2, 2], 34),
  over("depthwiseConv1d", { kernelSize: 3 }, [6, 2], [4, 2], 8),
  over("depthwiseConv1d", { kernelSize: 3, depthMultiplier: 2, padding: "same", strides: 2, dataFormat: "channelsFirst" }, [2, 6], [4, 3], 16),
  over("depthwiseConv2d", { kernelSize: 3, activation: "tanh" }, [5, 4, 3], [3, 2, 3], 30),
  over("depthwiseConv2d", { kernelSize: 2, depthMultiplier: 2, depthwiseInitializer: "heNormal", depthwiseRegularizer: "l1" }, [4, 3, 2], [3, 2, 4], 20),
  over("separableConv1d", { filters: 3, kernelSize: 3, padding: "causal" }, [6, 2], [6, 3], 15),
  over("separableConv2d", { filters: 3, kernelSize: 2, depthMultiplier: 2, pointwiseRegularizer: "l2" }, [4, 3, 2], [3, 2, 3], 31),
  over("separableConv2d", { filters: 3, kernelSize: 3, padding: "same", dataFormat: "channelsFirst", useBias: false }, [2, 4, 3], [3, 4, 3], 24),
];

const POOLS: readonly LayerRow[] = (["max", "average"] as const).flatMap((kind) => [
  over(`${kind}Pooling1d`, {}, [6, 2], [3, 2]),
  over(`adaptive${kind === "max" ? "Max" : "Average"}Pooling1d`, { outputSize: 3 }, [5, 2], [3, 2]),
  over(`adaptive${kind === "max" ? "Max" : "Average"}Pooling2d`, { outputSize: [3, 2], dataFormat: "channelsFirst" }, [2, 7, 4], [2, 3, 2]),
  over(`adaptive${kind === "max" ? "Max" : "Average"}Pooling3d`, { outputSize: 2 }, [3, 2, 4, 1], [2, 2, 2, 1]),
  over(`${kind}Pooling1d`, { poolSize: 3, strides: 2, padding: "same", dataFormat: "channelsFirst" }, [2, 6], [2, 3]),
  over(`${kind}Pooling2d`, {}, [6, 5, 2], [3, 2, 2]),
  over(`${kind}Pooling2d`, { poolSize: [3, 2], strides: 2, padding: "same" }, [5, 4, 2], [3, 2, 2]),
  over(`${kind}Pooling2d`, { poolSize: 2, dataFormat: "channelsFirst" }, [2, 4, 6], [2, 2, 3]),
  over(`${kind}Pooling3d`, {}, [4, 2, 3, 2], [2, 1, 1, 2]),
  over(`${kind}Pooling3d`, { poolSize: [2, 1, 2], strides: 1, padding: "same", dataFormat: "channelsFirst" }, [2, 3, 2, 2], [2, 3, 2, 2]),
  ...["channelsLast", "channelsFirst"].flatMap((dataFormat) =>
    ([[5], [4, 3], [2, 3, 2]] as const).flatMap((pixels) => {
      const name = `global${kind === "max" ? "Max" : "Average"}Pooling${pixels.length}d`;
      const shape = (sizes: readonly number[]): number[] => (dataFormat === "channelsLast" ? [...sizes, 2] : [2, ...sizes]);
      return [over(name, { dataFormat }, shape(pixels), [2]), over(name, { dataFormat, keepDims: true }, shape(pixels), shape(pixels.map(() => 1)))];
    }),
  ),
]);

const SHAPES: readonly LayerRow[] = [
  over("flatten", {}, [2, 3, 2], [12]),
  over("flatten", { dataFormat: "channelsFirst" }, [2, 3, 2], [12]),
  over("flatten", {}, [5], [5]),
  over("reshape", { targetShape: [3, 4] }, [2, 6], [3, 4]),
  over("reshape", { targetShape: [2, -1, 2] }, [12], [2, 3, 2]),
  over("permute", { dims: [2, 1] }, [3, 4], [4, 3]),
  over("permute", { dims: [3, 1, 2] }, [2, 3, 4], [4, 2, 3]),
  over("repeatVector", { n: 3 }, [4], [3, 4]),
  over("zeroPadding1d", {}, [3, 2], [5, 2]),
  over("zeroPadding1d", { padding: [2, 0] }, [3, 2], [5, 2]),
  over("zeroPadding2d", { padding: [[1, 0], [2, 3]] }, [2, 3, 2], [3, 8, 2]),
  over("zeroPadding2d", { padding: [1, 2], dataFormat: "channelsFirst" }, [2, 2, 3], [2, 4, 7]),
  over("zeroPadding3d", { padding: [1, [0, 1], 0] }, [2, 2, 2, 1], [4, 3, 2, 1]),
  over("cropping1d", { cropping: [1, 2] }, [6, 2], [3, 2]),
  over("cropping2d", {}, [4, 5, 2], [4, 5, 2]),
  over("cropping2d", { cropping: [[1, 0], [2, 1]], dataFormat: "channelsFirst" }, [2, 4, 5], [2, 3, 2]),
  over("cropping3d", {}, [3, 4, 3, 2], [1, 2, 1, 2]),
  over("upSampling1d", {}, [3, 2], [6, 2]),
  over("upSampling2d", { size: [2, 3] }, [2, 3, 2], [4, 9, 2]),
  over("upSampling2d", { interpolation: "bilinear" }, [3, 2, 2], [6, 4, 2]),
  over("upSampling2d", { dataFormat: "channelsFirst", interpolation: "bilinear" }, [2, 3, 2], [2, 6, 4]),
  over("upSampling2d", { interpolation: "bicubic" }, [3, 4, 2], [6, 8, 2]),
  over("upSampling3d", { size: [1, 2, 2] }, [2, 2, 1, 2], [2, 4, 2, 2]),
];

export const SPACE: readonly LayerRow[] = [...CONVOLUTIONS, ...POOLS, ...SHAPES];
