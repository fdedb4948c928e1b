// The programs of a model: one training step, one evaluation step, one prediction. Each is traced once for every batch size.
import { add, compile, guarded, mul, randomKeyVariable, stack, tensor, variableGrads, withRandomKey, type CompiledFunction, type Tensor, type Variable } from "../engine/index.js";
import type { Goal, Target } from "./goal.js";
import type { CallOptions } from "./layer.js";
import type { Model } from "./model.js";

/** A program over a batch: its inputs, then its labels, then the weights of its examples where there are any, for each output. It gives the loss, then the sums of everything that is reported. */
export type Scoring = CompiledFunction<Tensor[], readonly Tensor[]>;

/** A training step; its guard's tensors are the loss and then the gradients of `watched`. */
export interface TrainStep {
  readonly run: Scoring;
  readonly watched: readonly Variable[];
}

/** Forward, backward and update in one program. Nothing is changed unless loss and gradients are finite. */
export function trainStep(model: Model, goal: Goal): TrainStep {
  const watched = model.trainableWeights;
  const run = compile((...batch: Tensor[]): readonly Tensor[] => {
    const averages: (readonly [Variable, Tensor])[] = [];
    let reported: readonly Tensor[] = [];
    const { value, grads } = variableGrads(() => {
      const scored = withRandomKey(model.randomKey, () => score(model, goal, batch, { training: true, update: (target, next) => averages.push([target, next]) }));
      reported = scored.reported();
      return scored.loss;
    }, watched);
    guarded([value, ...watched.map((weight) => grads.get(weight)!)], () => {
      goal.optimizer.update(grads, { constraintOf: (weight) => model.constraintOf(weight) });
      for (const [target, next] of averages) target.assign(next);
    });
    return [value, ...reported];
  });
  return { run, watched };
}

/** Loss and metrics of a batch. */
export function evaluationStep(model: Model, goal: Goal): Scoring {
  return compile(
    (...batch: Tensor[]): readonly Tensor[] => {
      const { loss, reported } = score(model, goal, batch, {});
      return [loss, ...reported()];
    },
    { foldStates: true },
  );
}

/** Predictions for a batch, an output each. */
export function predictionStep(model: Model): CompiledFunction<Tensor[], readonly Tensor[]> {
  return compile((...xs: Tensor[]) => model.callAll(xs, {}), { foldStates: true });
}

/** The loss that training lowers, penalties included, and what is reported beside it. */
function score(model: Model, { targets }: Goal, batch: readonly Tensor[], options: CallOptions): { loss: Tensor; reported: () => readonly Tensor[] } {
  const inputs = model.inputNames.length;
  const xs = batch.slice(0, inputs);
  const ys = batch.slice(inputs, inputs + targets.length);
  const weights = batch.slice(inputs + targets.length);
  const terms: Tensor[] = [];
  const predictions = model.callAll(xs, { ...options, addLoss: (penalty) => terms.push(penalty) });
  terms.push(...model.penalties());
  const losses = targets.map(({ loss }, i) => loss?.reduce(loss.call(ys[i]!, predictions[i]!), weights[i]));
  const counted = targets.flatMap(({ weight }, i) => (losses[i] ? [weight === 1 ? losses[i] : mul(losses[i], weight)] : []));
  const total = [...counted, ...terms].reduce((a, b) => add(a, b));
  return { loss: total, reported: () => reportOf(targets, losses, ys, predictions, weights) };
}

/** As goal.reported names them. */
function reportOf(targets: readonly Target[], losses: readonly (Tensor | undefined)[], ys: readonly Tensor[], predictions: readonly Tensor[], weights: readonly Tensor[]): readonly Tensor[] {
  const count = tensor(ys[0]!.shape[0]!, [], "float32");
  const own = targets.length > 1 ? losses.flatMap((loss) => (loss ? [stack([mul(loss, count), count])] : [])) : [];
  const metrics = targets.flatMap((target, i) => [
    ...target.metrics.map((metric) => metric.sums(ys[i]!, predictions[i]!)),
    ...target.weightedMetrics.map((metric) => metric.sums(ys[i]!, predictions[i]!, weights[i])),
  ]);
  return [...own, ...metrics];
}

/** The key a model's random layers draw by: seed and number of calls. */
export function keyFor(seed: number): Variable {
  return randomKeyVariable(seed, "random/key");
}
