// Indices as layers take them: integers as they are, or floats of whole numbers.
import { cast, equal, floor, gather, arange, where, type Tensor } from "../../engine/index.js";

/** x as int32; a number that is not whole becomes −1, which is out of every range. */
export function wholeNumbers(x: Tensor): Tensor {
  if (x.dtype !== "float32" && x.dtype !== "float16") return cast(x, "int32");
  const numbers = cast(x, "float32");
  return cast(where(equal(numbers, floor(numbers)), numbers, -1), "int32");
}

/** The same, all in 0 … count − 1: another is the error "index out of range", with its place, when the result is looked at. */
export function checkedIndices(x: Tensor, count: number): Tensor {
  return gather(arange(count), wholeNumbers(x));
}
