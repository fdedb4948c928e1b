// What all optimizers share: the learning rate, the step count, a state of variables beside the weights ("slots"), and all that stands between a
// gradient and a weight. What else a method needs of a gradient is its step().
import { ValueError } from "../../base/errors.js";
import { sizeOf, type Shape } from "../../base/shape.js";
import { add, compile, div, fedScalar, greater, guarded, mul, sub, Tensor, tensor, variable, Variable, variableGrads, where, type CompiledFunction } from "../../engine/index.js";
import { currentTrace } from "../../engine/trace.js";
import type { Constraint } from "../constraints.js";
import type { Config } from "../layer.js";
import { checkNumber, checkOptions, checkWhole } from "../../base/options.js";
import { getRate, type LearningRate, type Schedule } from "../schedules/schedule.js";
import { clipped } from "./clip.js";

/** Gradients by variable: the map that variableGrads returns, or pairs. */
export type Gradients = Iterable<readonly [Variable, Tensor]>;

/** Options that every optimizer has. */
export interface OptimizerOptions {
  /** A number, which can be changed at any time and recompiles nothing, or a schedule. Default 0.001 (sgd: 0.01). */
  readonly learningRate?: LearningRate;
  /** Share of each weight that a step takes away, times the learning rate; default 0 (adamw: 0.004). */
  readonly weightDecay?: number;
  /** true (default): w ← w − w · weightDecay · learningRate before the step. false: weightDecay · w is added to the gradient, as an L2 penalty. */
  readonly decoupledWeightDecay?: boolean;
  /** Weights that do not decay: those whose name holds one of these texts, such as "bias". */
  readonly excludeFromWeightDecay?: readonly string[];
  /** Longest a gradient may be, one by one. At most one of the three clips. */
  readonly clipnorm?: number;
  /** Largest an element of a gradient may be. */
  readonly clipvalue?: number;
  /** Longest all gradients may be together, as one vector. */
  readonly globalClipnorm?: number;
  /** Whether a running average of the weights is kept; default false. See finalizeVariableValues. */
  readonly useEma?: boolean;
  /** How much of the average stays at each step; default 0.99. */
  readonly emaMomentum?: number;
  /** Steps after which the weights are set to their average; never when left out. */
  readonly emaOverwriteFrequency?: number;
  /** Batches whose gradients are averaged before a step is taken; default 1. `iterations` counts the batches. */
  readonly gradientAccumulationSteps?: number;
}

const SHARED = [
  "weightDecay", "decoupledWeightDecay", "excludeFromWeightDecay", "clipnorm", "clipvalue", "globalClipnorm", "useEma", "emaMomentum", "emaOverwriteFrequency",
  "gradientAccumulationSteps",
] as const satisfies readonly (keyof OptimizerOptions)[]; // prettier-ignore

/** Options of update(). */
export interface UpdateOptions {
  /** What a weight is brought back to after the step; asked once for each weight that a program changes. */
  readonly constraintOf?: (weight: Variable) => Constraint | undefined;
}

/** A slot by its name: zeros of the weight's shape, unless it says otherwise. */
export type Slot = string | { readonly name: string; readonly shape?: Shape; readonly start?: number };

/** A number that reaches the program anew at every step, by the number of the step, counted from 1. The same name gives the same scalar. */
export type Feed = (name: string, value: (step: number) => number) => Tensor;

interface State {
  readonly own: readonly Variable[];
  readonly accumulator: Variable | undefined;
  readonly average: Variable | undefined;
}

/** What all optimizers share: a learning rate, a count of steps, and a state beside the weights. */
export abstract class Optimizer {
  /** Name as `compile({ optimizer })` takes it. */
  abstract readonly type: string;
  /** Batches applied: steps, unless gradients are accumulated. */
  iterations = 0;
  private rate: number | Schedule;
  private readonly shared: Pick<OptimizerOptions, (typeof SHARED)[number]>;
  private readonly eager = new Map<string, CompiledFunction<Tensor[], Tensor[]>>();
  private readonly state = new Map<Variable, State>();

  /** own: names of the options that the method has beside those of all */
  protected constructor(where: string, options: OptimizerOptions, own: readonly string[], learningRate = 0.001) {
    checkOptions(options, ["learningRate", ...own, ...SHARED], where);
    this.rate = getRate(options.learningRate ?? learningRate, `${where}: learningRate`);
    this.shared = Object.fromEntries(SHARED.flatMap((name) => (options[name] === undefined || options[name] === null ? [] : [[name, options[name]]])));
    checkShared(this.shared, where);
  }

  /** The rate of the next step. Throws ValueError when it is set to a number though a schedule sets it. */
  get learningRate(): number {
    return this.rateAt(Math.floor(this.iterations / this.every) + 1);
  }

  set learningRate(value: LearningRate) {
    if (typeof value === "number" && typeof this.rate === "object") {
      throw new ValueError(`${this.type}: learningRate: a schedule sets it, so it cannot be set to ${value}. Make the optimizer with a number, or set another schedule.`);
    }
    this.rate = getRate(value, `${this.type}: learningRate`);
  }

  /** All slots, in the order they were made; named "optimizer/dense/kernel/velocity". */
  get slots(): readonly Variable[] {
    return [...this.state.values()].flatMap(({ own, accumulator, average }) => [...own, accumulator, average].filter((slot) => slot !== undefined));
  }

  /** Makes the slots of these variables, where they are missing. */
  build(variables: Iterable<Variable>): void {
    for (const target of variables) {
      if (this.state.has(target)) continue;
      const make = (slot: Slot): Variable => {
        const { name, shape = target.shape, start = 0 } = typeof slot === "string" ? { name: slot } : slot;
        return variable(tensor(new Float32Array(sizeOf(shape)).fill(start), shape), { name: `optimizer/${target.name}/${name}`, trainable: false });
      };
      this.state.set(target, {
        own: this.slotsOf(target).map(make),
        accumulator: this.every > 1 ? make("gradient_accumulator") : undefined,
        average: this.shared.useEma ? make("average") : undefined,
      });
    }
  }

  /**
   * One step: changes each variable by its gradient, in eager code and inside compile(). Nothing is changed when a gradient is not
   * finite: inside compile() the function's lastStatus then says so, eager code throws ValueError.
   *
   * gradients: from variableGrads, or pairs   Throws ValueError when there are none, DeviceError in eager code before init().
   */
  apply(gradients: Gradients, options: UpdateOptions = {}): void {
    const pairs = pairsOf(gradients);
    if (currentTrace() === null) this.applyNow(pairs, options);
    else guarded(pairs.map(([, gradient]) => gradient), () => this.update(pairs, options));
  }

  /**
   * Computes a loss and its gradients, and takes one step: variableGrads() and apply(). Returns the loss.
   *
   * loss: gives a scalar   variables: those to change; all trainable ones that the loss reads when left out   Throws as both of these.
   */
  minimize(loss: () => Tensor, variables?: readonly Variable[]): Tensor {
    const { value, grads } = variableGrads(loss, variables);
    this.apply(grads);
    return value;
  }

  /** apply() inside compile() without its guard, for callers that guard more than the gradients. */
  update(gradients: Gradients, { constraintOf }: UpdateOptions = {}): void {
    const pairs = [...gradients];
    checkAny(pairs);
    const targets = pairs.map(([target]) => target);
    this.build(targets);
    const states = targets.map((target) => this.state.get(target)!);
    const feed = this.feeds();
    const { every } = this;
    const sums = every > 1 ? pairs.map(([, gradient], i) => add(states[i]!.accumulator!, gradient)) : undefined;
    // With accumulation the step is computed for every batch, and kept when it is due.
    const due = sums && greater(feed("due", () => (this.iterations % every === 0 ? 1 : 0)), 0);
    const kept = due ? targets.map((target, i) => [target, ...states[i]!.own, ...(states[i]!.average ? [states[i]!.average] : [])].map(({ value }) => new Tensor(value))) : [];
    const grads = clipped(sums ? sums.map((sum) => div(sum, every)) : pairs.map(([, gradient]) => gradient), this.shared);
    targets.forEach((target, i) => {
      const { own, average } = states[i]!;
      this.step(target, this.decayed(target, grads[i]!, feed), own, feed);
      // Before the average is taken, which is then one of weights that keep to it. (Keras averages first.)
      const constraint = constraintOf?.(target);
      if (constraint) target.assign(constraint.call(target));
      if (average) this.averaged(target, average, feed);
    });
    if (due) {
      targets.forEach((target, i) => {
        const { own, average, accumulator } = states[i]!;
        [target, ...own, ...(average ? [average] : [])].forEach((changed, k) => changed.assign(where(due, changed, kept[i]![k]!)));
        accumulator!.assign(where(due, 0, sums![i]!));
      });
    }
  }

  /**
   * What a weight's gradient, or its running average, is multiplied by in each element, at the last step: [...weight.shape], where the method has such a rate
   * (adagrad, adadelta, rmsprop, adam and its kin).
   *
   * Throws ValueError for the other methods, and before the first step.
   */
  effectiveLearningRates(weight: Variable): Tensor {
    const state = this.state.get(weight);
    const steps = Math.floor(this.iterations / this.every);
    if (state === undefined || steps === 0) throw new ValueError(`effectiveLearningRates: ${weight.name} has made no step with this optimizer yet.`);
    const rates = this.ratesOf(state.own, (_name, value) => tensor(value(steps)));
    if (rates === undefined) throw new ValueError(`effectiveLearningRates: ${this.type} has one learning rate for all elements. See learningRate.`);
    return rates;
  }

  /** Sets weights to their running average, as training does at its end; without useEma nothing happens. */
  finalizeVariableValues(variables: Iterable<Variable>): void {
    for (const target of variables) {
      const average = this.state.get(target)?.average;
      if (average) target.store(average.snapshot());
    }
  }

  /** Options that make an equal optimizer. Throws ValueError when the learning rate is a function, which has no options. */
  config(): Config {
    const { rate } = this;
    if (typeof rate === "object" && rate.name === "") {
      throw new ValueError(`${this.type}: the learning rate is a function, which a file cannot hold. Take a schedule: schedules.exponentialDecay({ … }).`);
    }
    return { learningRate: typeof rate === "object" ? { name: rate.name, config: rate.config } : rate, ...this.ownConfig(), ...this.shared };
  }

  /** The learning rate of step number `step`, counted from 1. */
  protected rateAt(step: number): number {
    const { rate } = this;
    return typeof rate === "number" ? rate : checkNumber(rate.call(step - 1), `${this.type}: learningRate of step ${step}`, 0);
  }

  /** The learning rate as the program sees it. */
  protected rateOf(feed: Feed): Tensor {
    return feed("rate", (step) => this.rateAt(step));
  }

  /** weightDecay of a weight. */
  protected decayOf(_target: Variable): number {
    return this.shared.weightDecay ?? 0;
  }

  /** effectiveLearningRates, from a weight's slots. */
  protected ratesOf(_slots: readonly Variable[], _feed: Feed): Tensor | undefined {
    return undefined;
  }

  /** What a variable needs beside it, in the order step() takes them. */
  protected abstract slotsOf(target: Variable): readonly Slot[];
  protected abstract ownConfig(): Config;
  /**
   * Changes the target and its slots by a gradient. Written as ops, it becomes one fused step in place for each weight: 784-512-10 on batches of 128 then takes
   * 3 to 6 % longer a step than with a kernel over all weights, which is why only the commonest methods have one.
   */
  protected abstract step(target: Variable, gradient: Tensor, slots: readonly Variable[], feed: Feed): void;

  /**
   * Whether step() has the last word on a weight, so that a kernel may change it in place. Otherwise the step is composed of ops, which the compiler fuses
   * with what comes before and after it; a kernel would need copies of weight and slots.
   */
  protected isAlone(target: Variable): boolean {
    return this.every === 1 && (this.shared.decoupledWeightDecay === false || this.shareOf(target) === 0);
  }

  private get every(): number {
    return this.shared.gradientAccumulationSteps ?? 1;
  }

  /** The scalars of one program. The program asks for each once a run, which is also how its runs are counted. */
  private feeds(): Feed {
    const made = new Map<string, Tensor>();
    const asked = new Set<string>();
    return (name, value) => {
      const known = made.get(name);
      if (known !== undefined) return known;
      const scalar = fedScalar(() => {
        if (asked.size === 0 || asked.has(name)) {
          asked.clear();
          this.iterations++;
        }
        asked.add(name);
        return value(Math.ceil(this.iterations / this.every));
      });
      made.set(name, scalar);
      return scalar;
    };
  }

  /** Takes the weight's decay from it, or adds it to the gradient, which is given back. */
  private decayed(target: Variable, gradient: Tensor, feed: Feed): Tensor {
    const decay = this.shareOf(target);
    if (decay === 0) return gradient;
    if (this.shared.decoupledWeightDecay === false) return add(gradient, mul(target, decay));
    target.assign(sub(target, mul(target, feed(`decay ${decay}`, (step) => decay * this.rateAt(step)))));
    return gradient;
  }

  /** Share of a weight that decays. */
  private shareOf(target: Variable): number {
    return this.shared.excludeFromWeightDecay?.some((text) => target.name.includes(text)) ? 0 : this.decayOf(target);
  }

  private averaged(target: Variable, average: Variable, feed: Feed): void {
    const { emaMomentum = 0.99, emaOverwriteFrequency } = this.shared;
    // The first average is the weight itself.
    const share = feed("ema", (step) => (step === 1 ? 1 : 1 - emaMomentum));
    average.assign(add(average, mul(sub(target, average), share)));
    if (emaOverwriteFrequency === undefined) return;
    const overwrite = feed("overwrite", (step) => (step % emaOverwriteFrequency === 0 ? 1 : 0));
    target.assign(where(greater(overwrite, 0), average, target));
  }

  /** Updates in place are part of a program, so eager code gets one for each set of variables. */
  private applyNow(pairs: readonly (readonly [Variable, Tensor])[], options: UpdateOptions): void {
    checkAny(pairs);
    const targets = pairs.map(([target]) => target);
    const key = targets.map(({ id }) => id).join();
    let run = this.eager.get(key);
    if (run === undefined) {
      run = compile((...gradients: Tensor[]) => {
        this.apply(targets.map((target, i) => [target, gradients[i]!] as const), options);
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

function checkShared(shared: OptimizerOptions, where: string): void {
  const { weightDecay = 0, clipnorm, clipvalue, globalClipnorm, emaMomentum = 0, emaOverwriteFrequency = 1, gradientAccumulationSteps = 1 } = shared;
  checkNumber(weightDecay, `${where}: weightDecay`, 0);
  const clips = Object.entries({ clipnorm, clipvalue, globalClipnorm }).filter(([, value]) => value !== undefined);
  for (const [name, value] of clips) checkNumber(value, `${where}: ${name}`, Number.MIN_VALUE);
  if (clips.length > 1) throw new ValueError(`${where}: expected one of clipnorm, clipvalue and globalClipnorm, got ${clips.map(([name]) => name).join(" and ")}.`);
  checkNumber(emaMomentum, `${where}: emaMomentum`, 0, 1);
  checkWhole(emaOverwriteFrequency, `${where}: emaOverwriteFrequency`);
  checkWhole(gradientAccumulationSteps, `${where}: gradientAccumulationSteps`);
}

/** Pairs of a variable and its gradient. Throws ValueError for those the other way round, and for lists apart, as other libraries take them. */
function pairsOf(gradients: Gradients): (readonly [Variable, Tensor])[] {
  const pairs = typeof gradients === "object" && gradients !== null && Symbol.iterator in gradients ? [...gradients] : [];
  const wrong = pairs.find((pair) => !Array.isArray(pair) || !(pair[0] instanceof Variable) || !(pair[1] instanceof Tensor));
  if (wrong !== undefined) throw new ValueError("optimizer: expected pairs [variable, gradient], or what variableGrads() gives as grads. Are they the other way round, or gradients alone?");
  return pairs;
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
