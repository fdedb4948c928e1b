// The course's batch normalisation as a layer of Keras' one line.
import { beforeAll, expect, it } from "vitest";
import { init } from "../../src/engine/index.js";
import { layers } from "../../src/nn/index.js";

beforeAll(() => init());

it("[U9] the one-liner BatchNormalization(axis=-1, momentum=.99, epsilon=.001, center, scale, initializers, regularizers, constraints) has the same arguments, and those are its defaults", () => {
  const written = layers.batchNormalization({
    axis: -1, momentum: 0.99, epsilon: 0.001, center: true, scale: true, betaInitializer: "zeros", gammaInitializer: "ones", movingMeanInitializer: "zeros",
    movingVarianceInitializer: "ones", betaRegularizer: null, gammaRegularizer: null, betaConstraint: null, gammaConstraint: null,
  }); // prettier-ignore
  expect(written.config()).toEqual(layers.batchNormalization().config());
  expect(written.config()).toMatchObject({ axis: -1, momentum: 0.99, epsilon: 0.001, center: true, scale: true });
  written.build([7, 5]);
  expect(written.weights.map(({ name, shape, trainable }) => [name.split("/")[1], shape, trainable])).toEqual([
    ["gamma", [5], true], ["beta", [5], true], ["moving_mean", [5], false], ["moving_variance", [5], false],
  ]); // prettier-ignore
  // Keras' own spelling of an argument is answered with ours.
  expect(() => layers.batchNormalization({ gamma_initializer: "ones" } as never)).toThrow(/Did you mean "gammaInitializer"/);
});
