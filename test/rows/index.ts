// All rows.
import { ACTIVATIONS } from "./activations.js";
import { ATTENTION } from "./attention.js";
import { CONTRACTION } from "./contraction.js";
import { CONVOLUTION } from "./convolution.js";
import { ELEMENTWISE } from "./elementwise.js";
import { FFT } from "./fft.js";
import { GRADIENTS } from "./gradients.js";
import { IMAGES } from "./images.js";
import { INDEXING } from "./indexing.js";
import { LANES } from "./lanes.js";
import { LINALG } from "./linalg.js";
import { MATMUL } from "./matmul.js";
import { NORMALIZATION } from "./normalization.js";
import { OPTIMIZERS } from "./optimizers.js";
import { POOLING } from "./pooling.js";
import { RANDOM } from "./random.js";
import { REDUCTIONS } from "./reductions.js";
import type { Row } from "./row.js";
import { SHAPES } from "./shapes.js";
import { SOFTMAX } from "./softmax.js";
import { SORT } from "./sort.js";
import { STATISTICS } from "./statistics.js";
import { VIEWS } from "./views.js";

export const ROWS: readonly Row[] = [
  ...ELEMENTWISE, ...ACTIVATIONS, ...VIEWS, ...SHAPES, ...IMAGES, ...CONTRACTION, ...SORT, ...LINALG, ...FFT, ...REDUCTIONS, ...STATISTICS, ...MATMUL, ...CONVOLUTION, ...POOLING, ...LANES, ...SOFTMAX, ...NORMALIZATION, ...ATTENTION, ...GRADIENTS, ...INDEXING, ...RANDOM, ...OPTIMIZERS,
];
