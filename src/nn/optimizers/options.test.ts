// How optimizers take their options: as Keras, in an object; as TensorFlow.js, in a row.
import { expect, it } from "vitest";
import { ValueError } from "../../base/errors.js";
import { init, variable } from "../../engine/index.js";
import { adam, getOptimizer, rmsprop, sgd, type Optimizer } from "./index.js";

const ROWS: readonly (readonly [what: string, made: () => Optimizer, config: object])[] = [
  ["sgd()", () => sgd(), { learningRate: 0.01, momentum: 0, nesterov: false }],
  ["sgd(0.1)", () => sgd(0.1), { learningRate: 0.1, momentum: 0 }],
  ["sgd(0.1, 0.9, true)", () => sgd(0.1, 0.9, true), { learningRate: 0.1, momentum: 0.9, nesterov: true }],
  ["rmsprop(0.1, 0.8, 0.5, 1e-3, true)", () => rmsprop(0.1, 0.8, 0.5, 1e-3, true), { learningRate: 0.1, rho: 0.8, momentum: 0.5, epsilon: 1e-3, centered: true }],
  ["rmsprop(undefined, 0.8)", () => rmsprop(undefined, 0.8), { learningRate: 0.001, rho: 0.8 }],
  ["adam(0.1, 0.5, 0.6, 1e-3)", () => adam(0.1, 0.5, 0.6, 1e-3), { learningRate: 0.1, beta1: 0.5, beta2: 0.6, epsilon: 1e-3 }],
  ["adam({ beta1 })", () => adam({ beta1: 0.5 }), { learningRate: 0.001, beta1: 0.5, beta2: 0.999 }],
  ['"RMSprop"', () => getOptimizer("RMSprop"), { learningRate: 0.001, rho: 0.9 }],
  ['{ name: "adam", … }', () => getOptimizer({ name: "adam", learningRate: 0.1, beta1: 0.5 }), { learningRate: 0.1, beta1: 0.5, beta2: 0.999 }],
];

it.each(ROWS)("%s", (_, made, config) => {
  expect(made().config()).toMatchObject(config);
});

it("an object without a name, and options by wrong names, are told the cure", () => {
  const keras = JSON.parse('{ "class_name": "Adam", "config": {} }') as { name: "adam" };
  expect(() => getOptimizer(keras, {}, "compile: optimizer")).toThrow('compile: optimizer: expected a name, { name, …options } or an optimizer, got {"class_name":"Adam","config":{}}.');
  expect(() => getOptimizer({ name: "adam", lr: 0.1 })).toThrow('adam: no option is called "lr"');
});

it("an object is not followed by numbers", () => {
  expect(() => adam({ learningRate: 0.1 }, 0.5)).toThrow(ValueError);
  expect(() => adam({ learningRate: 0.1 }, 0.5)).toThrow(/adam: expected all options in one object.*and then beta1/);
});

it("minimize takes a step down the loss; gradients the other way round are explained", async () => {
  await init();
  const w = variable([3], { name: "w" });
  const optimizer = sgd(0.1);
  const losses = [1, 2, 3].map(() => optimizer.minimize(() => w.square().sum()).dataSync()[0]!);
  expect(losses[2]).toBeLessThan(losses[0]!);
  expect(w.dataSync()[0]).toBeCloseTo(3 * 0.8 ** 3, 5);
  expect(() => optimizer.apply([[w.square(), w] as never])).toThrow(/expected pairs \[variable, gradient\].*other way round/);
  expect(() => optimizer.apply(undefined as never)).toThrow(/expected at least one gradient/);
});
