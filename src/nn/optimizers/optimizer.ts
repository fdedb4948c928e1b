// What all optimizers share: the learning rate, the step count, and a state of variables beside the weights ("slots").
import { ValueError } from "../../base/errors.js";
import { compile, fedScalar, guarded, tensor, variable, type CompiledFunction, type Tensor, type Variable } from "../../engine/index.js";
import { currentTrace } from "../../engine/trace.js";
import type { Config } from "../layer.js";
import { checkNumber } from "../options.js";

/** Gradients by variable: the map that variableGrads returns, or pairs. */
export type Gradients = Iterable<readonly [Variable, Tensor]>;

export interface OptimizerOptions {
  /** Default 0.001 (sgd: 0.01). Can be changed at any time; recompiles nothing. */
  readonly learningRate?: number;
}

export abstract class Optimizer {
  /** Name as `compile({ optimizer })` takes it. */
  abstract readonly type: string;
  /** Steps taken. */
  iterations = 0;
  private rate: number;
  private readonly eager = new Map<string, CompiledFunction<Tensor[], Tensor[]>>();
  private readonly state = new Map<Variable, readonly Variable[]>();

  protected constructor(learningRate: number) {
    this.rate = checkNumber(learningRate, "optimizer: learningRate", 0);
  }

  get learningRate(): number {
    return this.rate;
  }

  set learningRate(value: number) {
    this.rate = checkNumber(value, "optimizer: learningRate", 0);
  }

  /** All slots, in the order they were made; named "optimizer/dense/kernel/velocity". */
  get slots(): readonly Variable[] {
    return [...this.state.values()].flat();
  }

  /** Makes the slots of these variables, where they are missing; zeros. */
  build(variables: Iterable<Variable>): void {
    for (const target of variables) {
      if (this.state.has(target)) continue;
      const slots = this.slotNames().map((slot) =>
        variable(tensor(new Float32Array(target.size), target.shape), { name: `optimizer/${target.name}/${slot}`, trainable: false }),
      );
      this.state.set(target, slots);
    }
  }

  /**
   * One step: changes each variable by its gradient, in eager code and inside compile(). Nothing is changed when a gradient is not
   * finite: inside compile() the function's lastStatus then says so, eager code throws ValueError.
   *
   * gradients: from variableGrads, or pairs   Throws ValueError when there are none, DeviceError in eager code before init().
   */
  apply(gradients: Gradients): void {
    const pairs = [...gradients];
    if (currentTrace() === null) this.applyNow(pairs);
    else guarded(pairs.map(([, gradient]) => gradient), () => this.update(pairs));
  }

  /** apply() inside compile() without its guard, for callers that guard more than the gradients. */
  update(gradients: Gradients): void {
    const pairs = [...gradients];
    checkAny(pairs);
    this.build(pairs.map(([target]) => target));
    // The program asks for the step size at every run, which is also where its steps are counted.
    const size = fedScalar(() => this.stepSize(++this.iterations));
    for (const [target, gradient] of pairs) this.step(target, gradient, size, this.state.get(target)!);
  }

  /** Options that make an equal optimizer. */
  config(): Config {
    return { learningRate: this.learningRate, ...this.ownConfig() };
  }

  /** What the step ops are fed at step number `iteration`, counted from 1. */
  protected stepSize(_iteration: number): number {
    return this.learningRate;
  }

  /** Names of the slots a variable needs, in the order the step op takes them. */
  protected abstract slotNames(): readonly string[];
  protected abstract ownConfig(): Config;
  protected abstract step(target: Variable, gradient: Tensor, size: Tensor, slots: readonly Variable[]): void;

  /** Updates in place are part of a program, so eager code gets one for each set of variables. */
  private applyNow(pairs: readonly (readonly [Variable, Tensor])[]): void {
    checkAny(pairs);
    const targets = pairs.map(([target]) => target);
    const key = targets.map(({ id }) => id).join();
    let run = this.eager.get(key);
    if (run === undefined) {
      run = compile((...gradients: Tensor[]) => {
        this.apply(targets.map((target, i) => [target, gradients[i]!] as const));
        return [];
      });
      this.eager.set(key, run);
    }
    const before = this.iterations;
    run(...pairs.map(([, gradient]) => gradient));
    const { code, tensor: index, element } = run.lastStatus;
    if (code === "ok") return;
    this.iterations = before;
    throw new ValueError(`optimizer: the gradient of ${targets[index]!.name} is not finite at element ${element}. No variable was changed.`);
  }
}

function checkAny(pairs: readonly unknown[]): void {
  if (pairs.length > 0) return;
  throw new ValueError("optimizer: expected at least one gradient, got none. Is any variable trainable, and does the loss depend on it?");
}

/**
 * The options of an optimizer function, which takes them as an object or, as TensorFlow.js does, in a row: the learning rate and then `rest`.
 *
 * Throws ValueError when an object is followed by more.
 */
export function optionsOf<O extends OptimizerOptions>(given: number | O | undefined, rest: Omit<O, "learningRate">, where: string): O | OptimizerOptions {
  const named = Object.entries(rest).filter(([, value]) => value !== undefined);
  if (typeof given !== "object") return { ...(given !== undefined && { learningRate: given }), ...Object.fromEntries(named) };
  if (named.length > 0) throw new ValueError(`${where}: expected all options in one object, or numbers in a row, got an object and then ${named.map(([name]) => name).join(", ")}.`);
  return given;
}
