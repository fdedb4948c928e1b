import { expect, test } from "vitest";
import { checkOptions } from "./options.js";

test("options are an object of known names; a list is not", () => {
  expect(checkOptions({ shape: [3] }, ["shape"], "input")).toEqual({ shape: [3] });
  expect(() => checkOptions([3], ["shape"], "input")).toThrow("input: expected options { shape }, got [3].");
  expect(() => checkOptions(0.3 as number & object, ["rate", "seed"], "dropout")).toThrow("dropout: expected options { rate, seed }, got 0.3. Did you mean { rate: 0.3 }?");
  expect(() => checkOptions("logs" as string & object, ["logDir"], "tensorBoard")).toThrow('got "logs". Did you mean { logDir: "logs" }?');
  expect(() => checkOptions({ shap: [3] }, ["shape"], "input")).toThrow('no option is called "shap"; expected shape. Did you mean "shape"?');
});

test.each<[given: string, known: readonly string[], hint: string]>([
  ["lr", ["learningRate", "beta1"], 'Did you mean "learningRate"?'],
  ["filepath", ["path"], 'Did you mean "path"?'],
  ["batch_size", ["batchSize", "epochs"], 'Did you mean "batchSize"?'],
  ["min_delta", ["monitor", "minDelta"], 'Did you mean "minDelta"?'],
  ["betas", ["beta1", "beta2"], 'Did you mean "beta1" and "beta2"?'],
  ["batchesPerEpoch", ["epochs", "stepsPerEpoch"], 'Did you mean "stepsPerEpoch"?'],
  ["validationBatches", ["validationSteps", "validationBatchSize"], 'Did you mean "validationSteps"?'],
  ["batches", ["steps"], 'Did you mean "steps"?'],
  ["lr", ["lrs"], 'Did you mean "lrs"?'],
])("%s, as others call it, is answered with the name it has here", (given, known, hint) => {
  expect(() => checkOptions({ [given]: 1 }, known, "f")).toThrow(`f: no option is called "${given}"; expected ${known.join(", ")}. ${hint}`);
});
