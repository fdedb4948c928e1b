// The classics, as `classics`: neurons with thresholds, the perceptron, networks that are built instead of trained.
export { perceptron, Perceptron, type PerceptronHistory, type PerceptronOptions } from "./perceptron.js";
export { booleanNetwork, combinations, fires, mcCullochPitts, type McCullochPittsOptions } from "./threshold.js";
export { towers, towers2d, type TowerOptions } from "./towers.js";
export { averageOf, bootstrap, voteOf } from "./ensemble.js";
export { pretrain, type PretrainOptions } from "./pretrain.js";
