// The public names of losses. As functions they give the loss of each example; compile takes them by name, with options as { name: "huber", delta: 2 }.
export {
  binaryCrossentropy, binaryFocalCrossentropy, categoricalCrossentropy, categoricalFocalCrossentropy, klDivergence, poisson, sparseCategoricalCrossentropy,
  type BinaryFocalOptions, type BinaryOptions, type CategoricalFocalOptions, type CategoricalOptions, type PoissonOptions, type SparseOptions,
} from "./crossentropy.js"; // prettier-ignore
export type { AxisOption, LogitsOption, Loss, SmoothingOption } from "./loss.js";
export { categoricalHinge, dice, hinge, squaredHinge, tversky, type OverlapOptions, type TverskyOptions } from "./margin.js";
export { getLoss as get, type ChosenLoss, type LabelKind, type Link, type LossConfig, type LossLike } from "./named.js";
export { reduce, type Reduction } from "./reduction.js";
export {
  cosineSimilarity, huber, logCosh, meanAbsoluteError, meanAbsolutePercentageError, meanSquaredError, meanSquaredLogarithmicError, type HuberOptions,
} from "./regression.js"; // prettier-ignore
