// The public names of edgegrad/inspect: graphs, models, programs and time, to be seen. An entry of its own, because the layout of pictures is a package.
export { plotModel, type PlotModelOptions } from "./plotModel.js";
export { profile, Profile, type Limits, type ProfileRow } from "./profile.js";
export { printProgram } from "../program/print.js";
export { printPlan } from "../program/printPlan.js";
export { graphOf, GraphView, type Stage } from "./view.js";
