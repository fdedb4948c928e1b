// Ensembles: several models that answer together, and the samples that bagging trains each of them on. Breiman 1996
import { ShapeError, ValueError } from "../../base/errors.js";
import { createRandom } from "../../base/random.js";
import { sameShape, showShape } from "../../base/shape.js";
import { argMax, cast, mean, oneHot, stack, sum, type Tensor } from "../../engine/index.js";
import { checkWhole } from "../../base/options.js";

/** The mean of several models' predictions. Each: one shape, that of the result. Throws ValueError for none, ShapeError where shapes differ. */
export function averageOf(predictions: readonly Tensor[]): Tensor {
  return mean(stack(checked(predictions, "averageOf")), { axes: [0] });
}

/** The class that most models choose, int32 [batch]; of classes with as many votes the first. Each prediction: [batch, classes]. */
export function voteOf(predictions: readonly Tensor[]): Tensor {
  const [first] = checked(predictions, "voteOf");
  if (first!.shape.length !== 2) throw new ShapeError(`voteOf: expected predictions [batch, classes], got ${showShape(first!.shape)}.`);
  const votes = stack(predictions.map((prediction) => oneHot(argMax(prediction, 1), first!.shape[1]!)));
  return cast(argMax(sum(votes, { axes: [0] }), 1), "int32");
}

/** Positions of a sample of `count` out of `count`, each drawn anew: about 1/e of them are left out, others come twice. The same for the same seed. */
export function bootstrap(count: number, seed: number): Int32Array {
  checkWhole(count, "bootstrap: count");
  const random = createRandom(seed);
  return Int32Array.from({ length: count }, () => Math.floor(random.uniform(0, count)));
}

function checked(predictions: readonly Tensor[], where: string): readonly Tensor[] {
  const [first] = predictions;
  if (first === undefined) throw new ValueError(`${where}: expected predictions of at least one model, got none.`);
  const other = predictions.find(({ shape }) => !sameShape(shape, first.shape));
  if (other !== undefined) throw new ShapeError(`${where}: expected predictions of one shape, got ${showShape(first.shape)} and ${showShape(other.shape)}.`);
  return predictions;
}
