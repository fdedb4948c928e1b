import { expect, test } from "vitest";
import { checkOptions } from "./options.js";

test("options are an object of known names; a list is not", () => {
  expect(checkOptions({ shape: [3] }, ["shape"], "input")).toEqual({ shape: [3] });
  expect(() => checkOptions([3], ["shape"], "input")).toThrow("input: expected options { shape }, got [3].");
  expect(() => checkOptions({ shap: [3] }, ["shape"], "input")).toThrow('no option is called "shap"; expected shape. Did you mean "shape"?');
});
