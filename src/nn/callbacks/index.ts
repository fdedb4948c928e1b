// The callbacks.
export { type Callback, type Logs, type RunInfo, type Writer } from "./callback.js";
export { earlyStopping, EarlyStopping, type EarlyStoppingOptions } from "./earlyStopping.js";
export { History } from "./history.js";
export { lambdaCallback } from "./lambda.js";
export { progressBar, type ProgressBarOptions } from "./progressBar.js";
