// The perceptron and its learning rule: after each point on the wrong side, the weights turn towards it or away from it. Rosenblatt 1958
import { ShapeError, ValueError } from "../../base/errors.js";
import { compile, dot, greaterEqual, mul, tensor, variable, where, type CompiledFunction, type Tensor, type TensorLike, type Variable } from "../../engine/index.js";
import { checkNumber, checkOptions, checkWhole } from "../../base/options.js";
import { fires, rowsOf } from "./threshold.js";

/** Options of perceptron(). */
export interface PerceptronOptions {
  /** Number of inputs. */
  readonly inputs: number;
  /** Where learning starts; default: zeros. */
  readonly weights?: readonly number[];
  /** Default 0; null: none, so that the boundary goes through the origin. */
  readonly bias?: number | null;
  /** Share of a point that is added; default 1. */
  readonly learningRate?: number;
}

/** How a perceptron learned. */
export interface PerceptronHistory {
  /** Wrong points in each pass over the data. */
  readonly errors: readonly number[];
  /** Weights after each correction, the bias last where there is one. */
  readonly corrections: readonly (readonly number[])[];
  /** Whether a pass went by without error. */
  readonly converged: boolean;
}

/** The perceptron that perceptron() makes. */
export class Perceptron {
  readonly weights: Variable;
  readonly bias: Variable | null;
  private readonly rate: number;
  private readonly correct: CompiledFunction<[x: Tensor, label: Tensor], Tensor>;

  constructor(options: PerceptronOptions) {
    const { inputs, weights = new Array<number>(options.inputs).fill(0), bias = 0, learningRate = 1 } = checkOptions(options, ["inputs", "weights", "bias", "learningRate"], "perceptron");
    checkWhole(inputs, "perceptron: inputs");
    if (weights.length !== inputs) throw new ShapeError(`perceptron: weights: expected ${inputs}, one an input, got ${weights.length}.`);
    this.rate = checkNumber(learningRate, "perceptron: learningRate", 0);
    this.weights = variable([...weights], { name: "perceptron/weights" });
    this.bias = bias === null ? null : variable(checkNumber(bias, "perceptron: bias"), { name: "perceptron/bias" });
    // One point at a time: the rule depends on what the point before has changed.
    this.correct = compile((x: Tensor, label: Tensor): Tensor => {
      const sum = this.bias ? dot(this.weights, x).add(this.bias) : dot(this.weights, x);
      const error = label.sub(where(greaterEqual(sum, 0), 1, 0));
      const step = mul(this.rate, error);
      this.weights.assign(this.weights.add(step.mul(x)));
      this.bias?.assign(this.bias.add(step));
      return error;
    });
  }

  /** 1 where w·x + b ≥ 0, else 0: int32 [batch]. x: [batch, inputs]. */
  predict(x: TensorLike): Tensor {
    return fires(x, this.weights, this.bias ?? 0);
  }

  /** Number of points on the wrong side. labels: 0 or 1 each. */
  errors(x: TensorLike, labels: readonly number[]): number {
    const sides = this.predict(x).dataSync();
    return labels.reduce((count, label, i) => count + Number(label !== sides[i]), 0);
  }

  /**
   * Goes through the points in order, again and again, and adds (label − prediction) · x to the weights, until a pass is without error or `epochs` are over.
   * It ends when the classes can be separated, and never does when they cannot.
   *
   * x: [batch, inputs]   labels: 0 or 1 each   Throws ShapeError when their numbers differ, ValueError for other labels, DeviceError before init().
   */
  fit(x: TensorLike, labels: readonly number[], options: { readonly epochs?: number } = {}): PerceptronHistory {
    const { epochs = 1000 } = checkOptions(options, ["epochs"], "perceptron: fit");
    checkWhole(epochs, "perceptron: epochs");
    const inputs = this.weights.shape[0]!;
    const rows = rowsOf(x, "perceptron", inputs);
    if (rows.shape[0] !== labels.length) throw new ShapeError(`perceptron: expected as many labels as points, got ${rows.shape[0]} points and ${labels.length} labels.`);
    const strange = labels.find((label) => label !== 0 && label !== 1);
    if (strange !== undefined) throw new ValueError(`perceptron: expected labels 0 and 1, got ${strange}.`);
    const data = rows.dataSync();
    const points = labels.map((_, i) => tensor(data.slice(i * inputs, (i + 1) * inputs), [inputs]));
    const errors: number[] = [];
    const corrections: number[][] = [];
    while (errors.length < epochs && errors.at(-1) !== 0) {
      let wrong = 0;
      points.forEach((point, i) => {
        if (this.correct(point, labels[i]!).dataSync()[0] === 0) return;
        wrong++;
        corrections.push([...this.weights.dataSync(), ...(this.bias ? this.bias.dataSync() : [])]);
      });
      errors.push(wrong);
    }
    return { errors, corrections, converged: errors.at(-1) === 0 };
  }
}

/** A perceptron: a neuron with a hard threshold and its own way of learning. */
export function perceptron(options: PerceptronOptions): Perceptron {
  return new Perceptron(options);
}
