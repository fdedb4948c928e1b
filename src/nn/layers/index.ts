// The layers, as `layers.dense({ … })`.
export { activation, type ActivationOptions } from "./activation.js";
export {
  celu, elu, gelu, glu, hardShrink, leakyReLU, reLU, silu, softmax, softShrink, sparsemax, squareplus, thresholdedReLU, type AlphaOptions, type AxisOptions,
  type GELUOptions, type LeakyReLUOptions, type ReLUOptions, type ShrinkOptions, type SiLUOptions, type SquareplusOptions, type ThresholdedReLUOptions,
} from "./activations.js"; // prettier-ignore
export { batchNormalization, type BatchNormalizationOptions } from "./batchNormalization.js";
export {
  cropping1d, cropping2d, cropping3d, upSampling1d, upSampling2d, upSampling3d, zeroPadding1d, zeroPadding2d, zeroPadding3d, type Cropping1DOptions,
  type Cropping2DOptions, type Cropping3DOptions, type UpSampling1DOptions, type UpSampling2DOptions, type UpSampling3DOptions, type ZeroPadding1DOptions,
  type ZeroPadding2DOptions, type ZeroPadding3DOptions,
} from "./borders.js"; // prettier-ignore
export {
  conv1d, conv1dTranspose, conv2d, conv2dTranspose, conv3d, conv3dTranspose, depthwiseConv1d, depthwiseConv2d, separableConv1d, separableConv2d,
  type Conv1DOptions, type Conv1DTransposeOptions, type Conv2DOptions, type Conv2DTransposeOptions, type Conv3DOptions, type Conv3DTransposeOptions,
  type DepthwiseConv1DOptions, type DepthwiseConv2DOptions, type SeparableConv1DOptions, type SeparableConv2DOptions,
} from "./convolution.js"; // prettier-ignore
export { dense, type DenseOptions } from "./dense.js";
export {
  dropout, spatialDropout1d, spatialDropout2d, spatialDropout3d, type DropoutOptions, type SpatialDropout1DOptions, type SpatialDropoutOptions,
} from "./dropout.js"; // prettier-ignore
export { einsumDense, type EinsumDenseOptions } from "./einsumDense.js";
export { embedding, type EmbeddingOptions } from "./embedding.js";
export { categoryEncoding, discretization, type CategoryEncodingOptions, type DiscretizationOptions } from "./encoding.js";
export {
  globalAveragePooling1d, globalAveragePooling2d, globalAveragePooling3d, globalMaxPooling1d, globalMaxPooling2d, globalMaxPooling3d, type GlobalPoolingOptions,
} from "./globalPooling.js"; // prettier-ignore
export { centerCrop, resizing, type CenterCropOptions, type ResizingOptions } from "./images.js";
export { concatenate, dot, type ConcatenateOptions, type DotOptions } from "./joining.js";
export { integerLookup, type IntegerLookupOptions } from "./lookup.js";
export { maxout, type MaxoutOptions } from "./maxout.js";
export { add, average, maximum, minimum, multiply, subtract } from "./merging.js";
export { alphaDropout, gaussianDropout, gaussianNoise, type GaussianNoiseOptions, type RateOptions } from "./noise.js";
export { normalization, type NormalizationOptions } from "./normalization.js";
export {
  groupNormalization, layerNormalization, rmsNormalization, unitNormalization, type AffineOptions, type GroupNormalizationOptions, type LayerNormalizationOptions, type RMSNormalizationOptions, type UnitNormalizationOptions,
} from "./normalizing.js"; // prettier-ignore
export {
  activityRegularization, lambda, masking, type ActivityRegularizationOptions, type LambdaFunction, type LambdaOptions, type MaskingOptions,
} from "./passing.js"; // prettier-ignore
export {
  averagePooling1d, averagePooling2d, averagePooling3d, maxPooling1d, maxPooling2d, maxPooling3d, type Pooling1DOptions, type Pooling2DOptions, type Pooling3DOptions,
} from "./pooling.js"; // prettier-ignore
export { prelu, type PReLUOptions } from "./prelu.js";
export { randomBrightness, randomContrast, type RandomBrightnessOptions, type RandomContrastOptions } from "./randomColours.js";
export {
  randomFlip, randomRotation, randomTranslation, randomZoom, type RandomFlipOptions, type RandomRotationOptions, type RandomTranslationOptions, type RandomZoomOptions,
} from "./randomImages.js"; // prettier-ignore
export { rescaling, type RescalingOptions } from "./rescaling.js";
export {
  flatten, permute, repeatVector, reshape, type FlattenOptions, type PermuteOptions, type RepeatVectorOptions, type ReshapeOptions,
} from "./reshaping.js"; // prettier-ignore
export { stringLookup, type StringLookupOptions } from "./stringLookup.js";
