// Names in either spelling, under the place where layers and losses look for them.
export * from "../base/names.js";
