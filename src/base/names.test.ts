import { describe, expect, it } from "vitest";
import { ValueError } from "./errors.js";
import { lookUp, nearestName } from "./names.js";

const TABLE = { meanSquaredError: 1, mse: 1, categoricalCrossentropy: 2, sparseCategoricalCrossentropy: 3 };

describe("lookUp", () => {
  it.each([
    ["meanSquaredError", 1],
    ["mean_squared_error", 1],
    ["mse", 1],
    ["MSE", 1],
    ["categorical_crossentropy", 2],
    ["categoricalCrossentropy", 2],
  ])("%s is known in either spelling", (name, row) => {
    expect(lookUp(TABLE, name, "loss")).toBe(row);
  });

  it("names the nearest one to a name it does not know", () => {
    expect(() => lookUp(TABLE, "categorical_crossentrpy", "compile: loss")).toThrow(ValueError);
    expect(() => lookUp(TABLE, "categorical_crossentrpy", "compile: loss")).toThrow(
      'compile: loss: expected one of meanSquaredError, mse, categoricalCrossentropy, sparseCategoricalCrossentropy; got "categorical_crossentrpy". Did you mean "categoricalCrossentropy"?',
    );
  });

  it("suggests nothing that is far off", () => {
    expect(nearestName("hinge", Object.keys(TABLE))).toBeUndefined();
    expect(() => lookUp(TABLE, "hinge", "loss")).not.toThrow("Did you mean");
  });
});
