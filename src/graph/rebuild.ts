// rebuild: the same node over other inputs. Shapes and dtypes stay; passes that change them make new nodes through the op itself.
import { node, PART, part, type Value } from "./value.js";

export function rebuild(value: Value, inputs: readonly Value[], bodies = value.bodies): Value {
  if (value.op === PART) return part(inputs[0]!, Number(value.attrs["index"]));
  return node(value.op, inputs, value.attrs, value, { ...(value.parts && { parts: value.parts }), ...(bodies && { bodies }) });
}
