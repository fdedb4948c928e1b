// The layers, as `layers.dense({ … })`.
export { activation, type Activation, type ActivationOptions } from "./activation.js";
export {
  celu, elu, gelu, glu, hardShrink, leakyReLU, reLU, silu, softmax, softShrink, sparsemax, squareplus, thresholdedReLU, type AlphaOptions, type AxisOptions,
  type GELUOptions, type LeakyReLUOptions, type ReLUOptions, type ShrinkOptions, type SiLUOptions, type SquareplusOptions, type ThresholdedReLUOptions,
} from "./activations.js"; // prettier-ignore
export {
  adaptiveAveragePooling1d, adaptiveAveragePooling2d, adaptiveAveragePooling3d, adaptiveMaxPooling1d, adaptiveMaxPooling2d, adaptiveMaxPooling3d, type AdaptivePooling,
  type AdaptivePoolingOptions,
} from "./adaptivePooling.js"; // prettier-ignore
export { batchNormalization, type BatchNormalization, type BatchNormalizationOptions } from "./batchNormalization.js";
export {
  cropping1d, cropping2d, cropping3d, upSampling1d, upSampling2d, upSampling3d, zeroPadding1d, zeroPadding2d, zeroPadding3d, type Cropping,
  type Cropping1DOptions, type Cropping2DOptions, type Cropping3DOptions, type UpSampling, type UpSampling1DOptions, type UpSampling2DOptions,
  type UpSampling3DOptions, type ZeroPadding, type ZeroPadding1DOptions, type ZeroPadding2DOptions, type ZeroPadding3DOptions,
} from "./borders.js"; // prettier-ignore
export {
  conv1d, conv1dTranspose, conv2d, conv2dTranspose, conv3d, conv3dTranspose, depthwiseConv1d, depthwiseConv2d, separableConv1d, separableConv2d,
  type Conv1DOptions, type Conv1DTransposeOptions, type Conv2DOptions, type Conv2DTransposeOptions, type Conv3DOptions, type Conv3DTransposeOptions,
  type Convolution, type DepthwiseConv1DOptions, type DepthwiseConv2DOptions, type SeparableConv1DOptions, type SeparableConv2DOptions,
} from "./convolution.js"; // prettier-ignore
export { dense, type Dense, type DenseOptions } from "./dense.js";
export {
  dropout, spatialDropout1d, spatialDropout2d, spatialDropout3d, type Dropout, type DropoutOptions, type SpatialDropout, type SpatialDropout1DOptions,
  type SpatialDropoutOptions,
} from "./dropout.js"; // prettier-ignore
export { einsumDense, type EinsumDense, type EinsumDenseOptions } from "./einsumDense.js";
export { embedding, type Embedding, type EmbeddingOptions } from "./embedding.js";
export {
  categoryEncoding, discretization, type CategoryEncoding, type CategoryEncodingOptions, type Discretization, type DiscretizationOptions,
} from "./encoding.js"; // prettier-ignore
export {
  globalAveragePooling1d, globalAveragePooling2d, globalAveragePooling3d, globalMaxPooling1d, globalMaxPooling2d, globalMaxPooling3d, type GlobalPooling,
  type GlobalPoolingOptions,
} from "./globalPooling.js"; // prettier-ignore
export { hashing, type Hashing, type HashingOptions } from "./hashing.js";
export { centerCrop, resizing, type CenterCrop, type CenterCropOptions, type Resizing, type ResizingOptions } from "./images.js";
export { concatenate, dot, type Concatenate, type ConcatenateOptions, type Dot, type DotOptions } from "./joining.js";
export { integerLookup, type IntegerLookup, type IntegerLookupOptions } from "./lookup.js";
export { maxout, type Maxout, type MaxoutOptions } from "./maxout.js";
export { add, average, maximum, minimum, multiply, subtract, type Elementwise } from "./merging.js";
export {
  alphaDropout, gaussianDropout, gaussianNoise, type AlphaDropout, type GaussianDropout, type GaussianNoise, type GaussianNoiseOptions, type RateOptions,
} from "./noise.js"; // prettier-ignore
export { normalization, type Normalization, type NormalizationOptions } from "./normalization.js";
export {
  groupNormalization, layerNormalization, rmsNormalization, unitNormalization, type AffineOptions, type GroupNormalization, type GroupNormalizationOptions,
  type LayerNormalization, type LayerNormalizationOptions, type RMSNormalization, type RMSNormalizationOptions, type UnitNormalization,
  type UnitNormalizationOptions,
} from "./normalizing.js"; // prettier-ignore
export {
  activityRegularization, identity, lambda, masking, type Identity, type ActivityRegularization, type ActivityRegularizationOptions, type Lambda, type LambdaFunction,
  type LambdaOptions, type Masking, type MaskingOptions,
} from "./passing.js"; // prettier-ignore
export {
  averagePooling1d, averagePooling2d, averagePooling3d, maxPooling1d, maxPooling2d, maxPooling3d, type Pooling, type Pooling1DOptions, type Pooling2DOptions,
  type Pooling3DOptions,
} from "./pooling.js"; // prettier-ignore
export { prelu, type PReLU, type PReLUOptions } from "./prelu.js";
export {
  randomBrightness, randomContrast, randomGrayscale, type RandomBrightness, type RandomBrightnessOptions, type RandomContrast, type RandomContrastOptions,
  type RandomGrayscale, type RandomGrayscaleOptions,
} from "./randomColours.js"; // prettier-ignore
export { randomCrop, type RandomCrop, type RandomCropOptions } from "./randomCrop.js";
export { randomHue, randomSaturation, type RandomHue, type RandomHueOptions, type RandomSaturation, type RandomSaturationOptions } from "./randomHues.js";
export {
  randomFlip, randomRotation, randomTranslation, randomZoom, type RandomFlip, type RandomFlipOptions, type RandomRotation, type RandomRotationOptions,
  type RandomTranslation, type RandomTranslationOptions, type RandomZoom, type RandomZoomOptions,
} from "./randomImages.js"; // prettier-ignore
export { rescaling, type Rescaling, type RescalingOptions } from "./rescaling.js";
export {
  flatten, permute, repeatVector, reshape, type Flatten, type FlattenOptions, type Permute, type PermuteOptions, type RepeatVector, type RepeatVectorOptions,
  type Reshape, type ReshapeOptions,
} from "./reshaping.js"; // prettier-ignore
export { spectralNormalization, type SpectralNormalization, type SpectralNormalizationOptions } from "./spectralNormalization.js";
export { stringLookup, type StringLookup, type StringLookupOptions } from "./stringLookup.js";
export { textVectorization, type TextVectorization, type TextVectorizationOptions } from "./textVectorization.js";
export { timeDistributed, type TimeDistributed } from "./timeDistributed.js";
export type { WrapperOptions } from "./wrapper.js";
