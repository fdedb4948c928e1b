// Checks of options, under the place where layers and losses look for them.
export * from "../base/options.js";
