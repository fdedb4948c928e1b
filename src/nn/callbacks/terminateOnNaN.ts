// TerminateOnNaN: a step that is not finite ends the run quietly, instead of with an error.
import { checkOptions } from "../../base/options.js";
import { consoleWriter, type Callback, type Writer } from "./callback.js";

/** Ends the run, and says so, at the first step whose loss or gradient is not finite. The weights are those from before that step. Without it fit throws an error there, as Keras' with raiseError. Keras' TerminateOnNaN */
export function terminateOnNaN(options: { readonly writer?: Writer } = {}): Callback {
  checkOptions(options, ["writer"], "terminateOnNaN");
  return {
    onNotFinite(batch, message) {
      (options.writer ?? consoleWriter()).write(`Batch ${batch}: invalid loss, terminating training. ${message}\n`);
    },
  };
}
