// The networks that `edgegrad train digits` knows. Each takes pixels as files hold them, 0 … 255, [height, width, 1].
import { layers, sequential, type Layer, type Sequential } from "../nn/index.js";

export const MODEL_NAMES = ["mlp", "lenet", "cnn"] as const;
export type ModelName = (typeof MODEL_NAMES)[number];

const CLASSES = 10;

/** Makes an untrained model for images of this size; its weights, order of samples and dropout follow from the seed. */
export function makeModel(name: ModelName, height: number, width: number, seed: number): Sequential {
  const pixels = layers.rescaling({ scale: 1 / 255, inputShape: [height, width, 1] });
  return sequential({ name, seed, layers: [pixels, ...LAYERS[name](), layers.dense({ units: CLASSES, activation: "softmax" })] });
}

const LAYERS: Readonly<Record<ModelName, () => Layer[]>> = {
  /** The course's network: 784-512-10, 407,050 parameters. */
  mlp: () => [layers.flatten(), layers.dense({ units: 512, activation: "relu" })],

  /** LeNet-5 (LeCun et al. 1998) on 28×28 with padding 2, relu and max pooling: 61,706 parameters. */
  lenet: () => [
    layers.conv2d({ filters: 6, kernelSize: 5, padding: "same", activation: "relu" }),
    layers.maxPooling2d({ poolSize: 2 }),
    layers.conv2d({ filters: 16, kernelSize: 5, activation: "relu" }),
    layers.maxPooling2d({ poolSize: 2 }),
    layers.flatten(),
    layers.dense({ units: 120, activation: "relu" }),
    layers.dense({ units: 84, activation: "relu" }),
  ],

  /** Four convolutions with batch normalisation, three of them at half size and below: 99,322 parameters, 8 MFLOP an image forward. */
  cnn: () => [
    ...convolution(16, 5),
    layers.maxPooling2d({ poolSize: 2 }),
    ...convolution(32, 3),
    ...convolution(32, 3),
    layers.maxPooling2d({ poolSize: 2 }),
    ...convolution(64, 3),
    layers.maxPooling2d({ poolSize: 2 }),
    layers.dropout({ rate: 0.1 }),
    layers.flatten(),
    layers.dense({ units: 112, useBias: false }),
    layers.batchNormalization(),
    layers.activation({ activation: "relu" }),
    layers.dropout({ rate: 0.3 }),
  ],
};

/** The bias would be taken out again by the normalisation's mean. */
function convolution(filters: number, kernelSize: number): Layer[] {
  return [
    layers.conv2d({ filters, kernelSize, padding: "same", useBias: false }),
    layers.batchNormalization(),
    layers.activation({ activation: "relu" }),
  ];
}
