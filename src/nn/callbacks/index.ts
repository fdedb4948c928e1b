// The callbacks that write no files; io/callbacks has the others.
export type { Callback, CallbackState, Logs, Run, RunInfo, RunState, Writer } from "./callback.js";
export { earlyStopping, EarlyStopping, type EarlyStoppingOptions } from "./earlyStopping.js";
export { halveAndRepeat, type HalveAndRepeatOptions } from "./halveAndRepeat.js";
export { history, History } from "./history.js";
export { lambdaCallback, lambdaCallback as lambda } from "./lambda.js";
export { learningRateScheduler, type SpokenOptions } from "./learningRateScheduler.js";
export type { MonitorOptions } from "./monitor.js";
export { progressBar, type ProgressBarOptions } from "./progressBar.js";
export { reduceLROnPlateau, type ReduceLROnPlateauOptions } from "./reduceLROnPlateau.js";
export { terminateOnNaN } from "./terminateOnNaN.js";
