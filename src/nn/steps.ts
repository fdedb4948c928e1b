// The programs of a model: one training step, one evaluation step, one prediction. Each is traced once for every batch size.
import { compile, guarded, mean, randomKeyVariable, variableGrads, withRandomKey, type CompiledFunction, type Tensor, type Variable } from "../engine/index.js";
import type { ChosenLoss } from "./losses/named.js";
import type { ChosenMetric } from "./metrics/metric.js";
import type { Model } from "./model.js";
import type { Optimizer } from "./optimizers/optimizer.js";

/** What training aims at, chosen by compile(). */
export interface Goal {
  readonly optimizer: Optimizer;
  readonly loss: ChosenLoss;
  readonly metrics: readonly ChosenMetric[];
}

/** The mean loss of a batch, and the sums of its metrics. */
export type Scores = { readonly [name: string]: Tensor };

/** A training step; its guard's tensors are the loss and then the gradients of `watched`. */
export interface TrainStep {
  readonly run: CompiledFunction<[x: Tensor, y: Tensor], Scores>;
  readonly watched: readonly Variable[];
}

/** Forward, backward and update in one program. Nothing is changed unless loss and gradients are finite. */
export function trainStep(model: Model, { optimizer, loss, metrics }: Goal): TrainStep {
  const watched = model.trainableWeights;
  const run = compile((x: Tensor, y: Tensor): Scores => {
    const averages: (readonly [Variable, Tensor])[] = [];
    let prediction: Tensor | undefined;
    const { value, grads } = variableGrads(() => {
      prediction = withRandomKey(model.randomKey, () => model.call(x, { training: true, update: (target, next) => averages.push([target, next]) }));
      return mean(loss.call(y, prediction));
    }, watched);
    const scores = scoresOf(value, metrics, y, prediction!);
    guarded([value, ...watched.map((weight) => grads.get(weight)!)], () => {
      optimizer.update(grads);
      for (const [target, next] of averages) target.assign(next);
    });
    return scores;
  });
  return { run, watched };
}

/** Loss and metrics of a batch. */
export function evaluationStep(model: Model, { loss, metrics }: Goal): CompiledFunction<[x: Tensor, y: Tensor], Scores> {
  return compile(
    (x: Tensor, y: Tensor): Scores => {
      const prediction = model.call(x, {});
      return scoresOf(mean(loss.call(y, prediction)), metrics, y, prediction);
    },
    { foldStates: true },
  );
}

/** Predictions for a batch. */
export function predictionStep(model: Model): CompiledFunction<[x: Tensor], Tensor> {
  return compile((x: Tensor) => model.call(x, {}), { foldStates: true });
}

function scoresOf(loss: Tensor, metrics: readonly ChosenMetric[], y: Tensor, prediction: Tensor): Scores {
  const scores: Record<string, Tensor> = { loss };
  for (const metric of metrics) scores[metric.name] = metric.sums(y, prediction);
  return scores;
}

/** The key a model's random layers draw by: seed and number of calls. */
export function keyFor(seed: number): Variable {
  return randomKeyVariable(seed, "random/key");
}
