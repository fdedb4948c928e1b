// All rows.
import { ACTIVATIONS } from "./activations.js";
import { CONVOLUTION } from "./convolution.js";
import { ELEMENTWISE } from "./elementwise.js";
import { GRADIENTS } from "./gradients.js";
import { IMAGES } from "./images.js";
import { INDEXING } from "./indexing.js";
import { MATMUL } from "./matmul.js";
import { NORMALIZATION } from "./normalization.js";
import { OPTIMIZERS } from "./optimizers.js";
import { RANDOM } from "./random.js";
import { REDUCTIONS } from "./reductions.js";
import type { Row } from "./row.js";
import { SHAPES } from "./shapes.js";
import { SOFTMAX } from "./softmax.js";
import { VIEWS } from "./views.js";

export const ROWS: readonly Row[] = [
  ...ELEMENTWISE, ...ACTIVATIONS, ...VIEWS, ...SHAPES, ...IMAGES, ...REDUCTIONS, ...MATMUL, ...CONVOLUTION, ...SOFTMAX, ...NORMALIZATION, ...GRADIENTS, ...INDEXING, ...RANDOM, ...OPTIMIZERS,
];
