// The layers by their class names, as files hold them.
import type { Config, Layer } from "../layer.js";
import { lookUp } from "../names.js";
import { Activation, type ActivationOptions } from "./activation.js";
import { AveragePooling2D } from "./averagePooling2d.js";
import { BatchNormalization } from "./batchNormalization.js";
import { Conv2D, type Conv2DOptions } from "./conv2d.js";
import { Dense, type DenseOptions } from "./dense.js";
import { Dropout, type DropoutOptions } from "./dropout.js";
import { Flatten } from "./flatten.js";
import { MaxPooling2D } from "./maxPooling2d.js";
import { Rescaling, type RescalingOptions } from "./rescaling.js";

/** Constructors check every option, so what a file holds goes straight in. */
const LAYERS: Readonly<Record<string, (config: Config) => Layer>> = {
  Activation: (config) => new Activation(config as Config & ActivationOptions),
  AveragePooling2D: (config) => new AveragePooling2D(config),
  BatchNormalization: (config) => new BatchNormalization(config),
  Conv2D: (config) => new Conv2D(config as Config & Conv2DOptions),
  Dense: (config) => new Dense(config as Config & DenseOptions),
  Dropout: (config) => new Dropout(config as Config & DropoutOptions),
  Flatten: (config) => new Flatten(config),
  MaxPooling2D: (config) => new MaxPooling2D(config),
  Rescaling: (config) => new Rescaling(config as Config & RescalingOptions),
};

/** A layer from its class name and configuration. Throws ValueError on an unknown class or option out of range. */
export function layerFromConfig(type: string, config: Config, where: string): Layer {
  return lookUp(LAYERS, type, `${where}: layer`)(config);
}
