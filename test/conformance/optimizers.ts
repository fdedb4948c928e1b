// Golden cases of optimizers, twenty steps on a quadratic form or on logistic regression, and of learning rates' schedules, thirty steps each.
import type { Tensor } from "../../src/engine/tensor.js";
import type * as edgegrad from "../../src/index.js";
import { attr, MissingFunction, numbers, type Attributes, type Context, type Outputs } from "./context.js";

type Library = Pick<typeof edgegrad, "add" | "compile" | "gradients" | "losses" | "matmul" | "mean" | "mul" | "reshape" | "schedules" | "stack" | "sub" | "sum" | "tensor" | "train" | "transpose" | "variable">;
type Options = Record<string, unknown>;

/** PyTorch's name → ours. The first row whose pattern fits counts. */
const OPTIMIZERS: readonly { name: RegExp; make: keyof Library["train"]; options?: (attrs: Attributes) => Options }[] = [
  { name: /^(sgd|momentum|nesterov)/, make: "sgd" },
  { name: /^rmsprop/, make: "rmsprop", options: ({ alpha }) => ({ rho: alpha, epsilonInside: false }) },
  { name: /^adagrad/, make: "adagrad", options: ({ initial_accumulator }) => ({ initialAccumulatorValue: initial_accumulator ?? 0, epsilonInside: false }) },
  { name: /^adadelta/, make: "adadelta" },
  { name: /^adamax/, make: "adamax", options: () => ({ epsilonInside: true }) },
  { name: /^adamw/, make: "adamw", options: () => ({ decoupledWeightDecay: true }) },
  { name: /^amsgrad/, make: "adam", options: () => ({ amsgrad: true }) },
  { name: /^adam/, make: "adam" },
  { name: /^nadam/, make: "nadam" },
  { name: /^radam/, make: "radam" },
];

/** PyTorch's attribute → our option, where nothing but the name differs. */
const SAME: Readonly<Record<string, string>> = {
  lr: "learningRate", momentum: "momentum", nesterov: "nesterov", rho: "rho", eps: "epsilon", centered: "centered", beta1: "beta1", beta2: "beta2",
  amsgrad: "amsgrad", momentum_decay: "momentumDecay", weight_decay: "weightDecay",
}; // prettier-ignore

/** The weights before the first step and after each one, and the loss at them. */
export function trajectory({ inputs, attrs, call, library, wanted, steps }: Context): Outputs {
  const f = library as Library;
  const name = String(attrs["optimizer"]);
  const row = OPTIMIZERS.find((each) => each.name.test(name));
  const problem = PROBLEMS[String(attrs["problem"])];
  if (row === undefined || problem === undefined) throw new MissingFunction(`no optimizer "${name}" for "${call}"`);
  const options = Object.fromEntries(Object.entries(SAME).flatMap(([theirs, ours]) => (attrs[theirs] === undefined ? [] : [[ours, attrs[theirs]]])));
  const make = f.train[row.make] as unknown as (options: Options) => edgegrad.train.Optimizer;
  const optimizer = make({ ...(attrs["weight_decay"] !== undefined && { decoupledWeightDecay: false }), ...options, ...row.options?.(attrs) });
  const names = wanted.filter((each) => each !== "loss");
  const params = Object.fromEntries(names.map((each) => [each, f.variable(inputs[each]!, { name: each })]));
  const loss = (): Tensor => problem(f, { ...inputs, ...params });
  const step = f.compile(() => {
    const before = loss();
    const found = f.gradients(before, Object.values(params));
    optimizer.apply(Object.values(params).map((param, i) => [param, found[i]!] as const));
    return [];
  });
  const look = f.compile(() => loss());
  const history: Record<string, Tensor[]> = Object.fromEntries(wanted.map((each) => [each, []]));
  for (let t = 0; t < steps; t++) {
    if (t > 0) step();
    for (const each of names) history[each]!.push(f.tensor(params[each]!.dataSync() as Float32Array, inputs[each]!.shape));
    history["loss"]?.push(look());
  }
  return Object.fromEntries(Object.entries(history).map(([each, list]) => [each, f.stack(list)]));
}

const PROBLEMS: Readonly<Record<string, (f: Library, x: Readonly<Record<string, Tensor>>) => Tensor>> = {
  quadratic: (f, { A, b, w }) => {
    const column = f.reshape(w!, [w!.size, 1]);
    return f.sum(f.sub(f.mul(f.matmul(f.transpose(column), f.matmul(A!, column)), 0.5), f.matmul(f.reshape(b!, [1, b!.size]), column)));
  },
  logistic: (f, { X, t, w, c }) =>
    f.mean(f.losses.binaryCrossentropy(f.reshape(t!, [t!.size, 1]), f.add(f.matmul(X!, f.reshape(w!, [w!.size, 1])), c!), { fromLogits: true })),
};

/** The rates of the first steps. */
export function rates({ attrs, call, library, steps }: Context): Outputs {
  const { schedules, tensor } = library as Library;
  const make = SCHEDULES[call];
  if (make === undefined) throw new MissingFunction(`no schedule "${call}"`);
  const schedule = make(schedules, attrs);
  return { lr: tensor(Float32Array.from({ length: steps }, (_, step) => schedule.call(step)), [steps]) };
}

const SCHEDULES: Readonly<Record<string, (schedules: Library["schedules"], attrs: Attributes) => edgegrad.schedules.Schedule>> = {
  cosine: (s, a) => s.cosineDecay({ initialLearningRate: rate(a), decaySteps: Number(a["T_max"]), alpha: Number(a["eta_min"] ?? 0) / rate(a) }),
  exponential: (s, a) => s.exponentialDecay({ initialLearningRate: rate(a), decaySteps: 1, decayRate: Number(a["gamma"]) }),
  step: (s, a) => s.stepDecay({ initialLearningRate: rate(a), decaySteps: Number(a["step_size"]), decayRate: Number(a["gamma"]) }),
  // PyTorch names the first step of each rate, Keras the last.
  multistep: (s, a) => {
    const milestones = numbers(a["milestones"]);
    return s.piecewiseConstantDecay({
      boundaries: milestones.map((step) => step - 1),
      values: Array.from({ length: milestones.length + 1 }, (_, i) => rate(a) * Number(a["gamma"]) ** i),
    });
  },
  linear_warmup: (s, a) => s.warmup({ schedule: rate(a) * Number(a["end_factor"] ?? 1), steps: Number(a["total_iters"]), start: Number(a["start_factor"]) / Number(a["end_factor"] ?? 1) }),
};

function rate(attrs: Attributes): number {
  return Number(attr(attrs, "base_lr", "lr"));
}
