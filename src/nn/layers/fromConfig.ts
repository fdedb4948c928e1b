// The layers by their class names, as files hold them.
import type { Config, Layer } from "../layer.js";
import { lookUp } from "../../base/names.js";
import { activation } from "./activation.js";
import { celu, elu, gelu, glu, hardShrink, leakyReLU, reLU, silu, softmax, softShrink, sparsemax, squareplus, thresholdedReLU } from "./activations.js";
import {
  adaptiveAveragePooling1d, adaptiveAveragePooling2d, adaptiveAveragePooling3d, adaptiveMaxPooling1d, adaptiveMaxPooling2d, adaptiveMaxPooling3d,
} from "./adaptivePooling.js"; // prettier-ignore
import { batchNormalization } from "./batchNormalization.js";
import { cropping1d, cropping2d, cropping3d, upSampling1d, upSampling2d, upSampling3d, zeroPadding1d, zeroPadding2d, zeroPadding3d } from "./borders.js";
import {
  conv1d, conv1dTranspose, conv2d, conv2dTranspose, conv3d, conv3dTranspose, depthwiseConv1d, depthwiseConv2d, separableConv1d, separableConv2d,
} from "./convolution.js"; // prettier-ignore
import { dense } from "./dense.js";
import { dropout, spatialDropout1d, spatialDropout2d, spatialDropout3d } from "./dropout.js";
import { einsumDense } from "./einsumDense.js";
import { embedding } from "./embedding.js";
import { categoryEncoding, discretization } from "./encoding.js";
import {
  globalAveragePooling1d, globalAveragePooling2d, globalAveragePooling3d, globalMaxPooling1d, globalMaxPooling2d, globalMaxPooling3d,
} from "./globalPooling.js"; // prettier-ignore
import { centerCrop, resizing } from "./images.js";
import { concatenate, dot } from "./joining.js";
import { integerLookup } from "./lookup.js";
import { maxout } from "./maxout.js";
import { add, average, maximum, minimum, multiply, subtract } from "./merging.js";
import { alphaDropout, gaussianDropout, gaussianNoise } from "./noise.js";
import { normalization } from "./normalization.js";
import { groupNormalization, layerNormalization, rmsNormalization, unitNormalization } from "./normalizing.js";
import { activityRegularization, identity, masking } from "./passing.js";
import { averagePooling1d, averagePooling2d, averagePooling3d, maxPooling1d, maxPooling2d, maxPooling3d } from "./pooling.js";
import { prelu } from "./prelu.js";
import { randomBrightness, randomContrast, randomGrayscale } from "./randomColours.js";
import { randomCrop } from "./randomCrop.js";
import { randomHue, randomSaturation } from "./randomHues.js";
import { randomFlip, randomRotation, randomTranslation, randomZoom } from "./randomImages.js";
import { rescaling } from "./rescaling.js";
import { flatten, permute, repeatVector, reshape } from "./reshaping.js";
import { spectralNormalization } from "./spectralNormalization.js";
import { timeDistributed } from "./timeDistributed.js";
import type { WrapperOptions } from "./wrapper.js";

/** A layer around another one, from configurations of both. */
function around(make: (options: WrapperOptions) => Layer): (config: { readonly layer: { readonly className: string; readonly config: Config } }) => Layer {
  return ({ layer, ...options }) => make({ ...options, layer: layerFromConfig(layer.className, layer.config, "a layer inside another") });
}

/** Functions check every option, so what a file holds goes straight in. */
const LAYERS: Readonly<Record<string, (config: never) => Layer>> = {
  Activation: activation,
  ActivityRegularization: activityRegularization,
  AdaptiveAveragePooling1D: adaptiveAveragePooling1d,
  AdaptiveAveragePooling2D: adaptiveAveragePooling2d,
  AdaptiveAveragePooling3D: adaptiveAveragePooling3d,
  AdaptiveMaxPooling1D: adaptiveMaxPooling1d,
  AdaptiveMaxPooling2D: adaptiveMaxPooling2d,
  AdaptiveMaxPooling3D: adaptiveMaxPooling3d,
  Add: add,
  AlphaDropout: alphaDropout,
  Average: average,
  AveragePooling1D: averagePooling1d,
  AveragePooling2D: averagePooling2d,
  AveragePooling3D: averagePooling3d,
  BatchNormalization: batchNormalization,
  CategoryEncoding: categoryEncoding,
  CELU: celu,
  CenterCrop: centerCrop,
  Concatenate: concatenate,
  Conv1D: conv1d,
  Conv1DTranspose: conv1dTranspose,
  Conv2D: conv2d,
  Conv2DTranspose: conv2dTranspose,
  Conv3D: conv3d,
  Conv3DTranspose: conv3dTranspose,
  Cropping1D: cropping1d,
  Cropping2D: cropping2d,
  Cropping3D: cropping3d,
  Dense: dense,
  DepthwiseConv1D: depthwiseConv1d,
  DepthwiseConv2D: depthwiseConv2d,
  Discretization: discretization,
  Dot: dot,
  Dropout: dropout,
  EinsumDense: einsumDense,
  ELU: elu,
  Embedding: embedding,
  Flatten: flatten,
  GaussianDropout: gaussianDropout,
  GaussianNoise: gaussianNoise,
  GELU: gelu,
  GlobalAveragePooling1D: globalAveragePooling1d,
  GlobalAveragePooling2D: globalAveragePooling2d,
  GlobalAveragePooling3D: globalAveragePooling3d,
  GlobalMaxPooling1D: globalMaxPooling1d,
  GlobalMaxPooling2D: globalMaxPooling2d,
  GlobalMaxPooling3D: globalMaxPooling3d,
  GLU: glu,
  GroupNormalization: groupNormalization,
  HardShrink: hardShrink,
  Identity: identity,
  IntegerLookup: integerLookup,
  LayerNormalization: layerNormalization,
  LeakyReLU: leakyReLU,
  Masking: masking,
  Maximum: maximum,
  Maxout: maxout,
  MaxPooling1D: maxPooling1d,
  MaxPooling2D: maxPooling2d,
  MaxPooling3D: maxPooling3d,
  Minimum: minimum,
  Multiply: multiply,
  Normalization: normalization,
  Permute: permute,
  PReLU: prelu,
  RandomBrightness: randomBrightness,
  RandomContrast: randomContrast,
  RandomCrop: randomCrop,
  RandomFlip: randomFlip,
  RandomGrayscale: randomGrayscale,
  RandomHue: randomHue,
  RandomRotation: randomRotation,
  RandomSaturation: randomSaturation,
  RandomTranslation: randomTranslation,
  RandomZoom: randomZoom,
  ReLU: reLU,
  RepeatVector: repeatVector,
  Rescaling: rescaling,
  Reshape: reshape,
  Resizing: resizing,
  RMSNormalization: rmsNormalization,
  SeparableConv1D: separableConv1d,
  SeparableConv2D: separableConv2d,
  SiLU: silu,
  Softmax: softmax,
  SoftShrink: softShrink,
  Sparsemax: sparsemax,
  SpatialDropout1D: spatialDropout1d,
  SpatialDropout2D: spatialDropout2d,
  SpatialDropout3D: spatialDropout3d,
  SpectralNormalization: around(spectralNormalization),
  Squareplus: squareplus,
  Subtract: subtract,
  ThresholdedReLU: thresholdedReLU,
  TimeDistributed: around(timeDistributed),
  UnitNormalization: unitNormalization,
  UpSampling1D: upSampling1d,
  UpSampling2D: upSampling2d,
  UpSampling3D: upSampling3d,
  ZeroPadding1D: zeroPadding1d,
  ZeroPadding2D: zeroPadding2d,
  ZeroPadding3D: zeroPadding3d,
};

/** A layer from its class name and configuration. Throws ValueError on an unknown class or option out of range. */
export function layerFromConfig(type: string, config: Config, where: string): Layer {
  return lookUp(LAYERS, type, `${where}: layer`)(config as never);
}
