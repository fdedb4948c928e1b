// The layers, as `layers.dense({ … })`.
export { activation, type ActivationOptions } from "./activation.js";
export { averagePooling2d } from "./averagePooling2d.js";
export { batchNormalization, type BatchNormalizationOptions } from "./batchNormalization.js";
export { conv2d, type Conv2DOptions } from "./conv2d.js";
export { dense, type DenseOptions } from "./dense.js";
export { dropout, type DropoutOptions } from "./dropout.js";
export { flatten } from "./flatten.js";
export { maxPooling2d } from "./maxPooling2d.js";
export { type Pooling2DOptions } from "./pooling2d.js";
export { rescaling, type RescalingOptions } from "./rescaling.js";
