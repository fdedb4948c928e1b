// rebuild: the same node over other inputs. Shapes and dtypes stay; passes that change them make new nodes through the op itself.
import { node, PART, type Value } from "./value.js";

export function rebuild(value: Value, inputs: readonly Value[], bodies = value.bodies): Value {
  const { op, attrs, parts, device, origin } = value;
  const options = { ...(parts && { parts }), ...(bodies && { bodies }), ...(device !== undefined && { device }), ...(origin !== undefined && { origin }) };
  return node(op, inputs, attrs, op === PART ? inputs[0]!.parts![Number(attrs["index"])]! : value, options);
}

/** The node over these inputs: itself where they are its own. */
export function withInputs(value: Value, inputs: readonly Value[]): Value {
  return inputs.some((input, i) => input !== value.inputs[i]) ? rebuild(value, inputs) : value;
}
