// What editors complete where an option takes a name: every key of the table behind it, while other spellings stay allowed. tsc judges, at a cost of nothing at run time.
import { expect, expectTypeOf, it } from "vitest";
import type { ActivationLike } from "./activations.js";
import type { ConstraintLike } from "./constraints.js";
import type { InitializerLike } from "./initializers.js";
import type { LossLike } from "./losses/index.js";
import { get as getLoss } from "./losses/index.js";
import type { MetricLike } from "./metrics/index.js";
import type { OptimizerLike } from "./optimizers/index.js";
import type { RegularizerLike } from "./regularizers.js";

/** The strings a type lists, without the one that stands for all others. */
type Listed<Like> = Like extends string ? (string extends Like ? never : Like) : never;

it("types of options list the names of their tables", () => {
  expectTypeOf<"relu" | "softmax" | "leakyRelu">().toExtend<Listed<ActivationLike>>();
  expectTypeOf<"maxNorm" | "nonNeg">().toExtend<Listed<ConstraintLike>>();
  expectTypeOf<"glorotUniform" | "zeros">().toExtend<Listed<InitializerLike>>();
  expectTypeOf<"meanSquaredError" | "mse" | "huber">().toExtend<Listed<LossLike>>();
  expectTypeOf<"accuracy" | "auc" | "mse">().toExtend<Listed<MetricLike>>();
  expectTypeOf<"adam" | "sgd" | "muon">().toExtend<Listed<OptimizerLike>>();
  expectTypeOf<"l1" | "l1l2">().toExtend<Listed<RegularizerLike>>();
  expectTypeOf<"adm">().not.toExtend<Listed<OptimizerLike>>();
});

it("names in Keras' spelling are taken by the types, and at run time", () => {
  const like: LossLike = "mean_squared_error";
  expect(getLoss(like).config).toEqual({ name: like });
});
