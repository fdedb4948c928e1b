// What a layer's options say of one of its weights: starting values, penalty, bounds. Read, checked and written down in one place, for kernels, biases, slopes.
import { getConstraint, type Constraint, type ConstraintLike } from "../constraints.js";
import { getInitializer, initializerConfig, type Initializer, type InitializerLike } from "../initializers.js";
import type { Config } from "../layer.js";
import { getRegularizer, type Regularizer, type RegularizerLike } from "../regularizers.js";

/** The options of a weight called W: kernelInitializer, kernelRegularizer, kernelConstraint. */
export type WeightRuleOptions<W extends string> = { readonly [K in `${W}Initializer`]?: InitializerLike } & {
  readonly [K in `${W}Regularizer`]?: RegularizerLike | null;
} & { readonly [K in `${W}Constraint`]?: ConstraintLike | null };

export interface WeightRule {
  readonly initializer: Initializer;
  readonly regularizer: Regularizer | undefined;
  readonly constraint: Constraint | undefined;
}

/** Names of the options of a weight. */
export function ruleNames(weight: string): readonly string[] {
  return [`${weight}Initializer`, `${weight}Regularizer`, `${weight}Constraint`];
}

/** The rule for a weight; without penalty and bounds unless the options name them. initializer: where the options name none   Throws ValueError on unknown names. */
export function weightRule(weight: string, options: object, initializer: InitializerLike, where: string): WeightRule {
  const [starts, penalty, bounds] = ruleNames(weight).map((name) => ({ given: (options as Readonly<Record<string, unknown>>)[name], place: `${where}: ${name}` })) as [Given, Given, Given];
  return {
    initializer: getInitializer((starts.given ?? initializer) as InitializerLike, starts.place),
    regularizer: getRegularizer(penalty.given as RegularizerLike | undefined, penalty.place),
    constraint: getConstraint(bounds.given as ConstraintLike | undefined, bounds.place),
  };
}

interface Given {
  readonly given: unknown;
  readonly place: string;
}

/** The options that give this rule again. */
export function ruleConfig(weight: string, { initializer, regularizer, constraint }: WeightRule): Config {
  return {
    [`${weight}Initializer`]: initializerConfig(initializer),
    ...(regularizer && { [`${weight}Regularizer`]: { name: regularizer.name, config: regularizer.config } }),
    ...(constraint && { [`${weight}Constraint`]: { name: constraint.name, config: constraint.config } }),
  };
}
