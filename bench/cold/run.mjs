// The same with edgegrad/run, which runs saved programs and has neither ops nor compiler. Arguments: folder of files, index.js of edgegrad.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { readFloats } from "./files.mjs";

const [folder, edgegrad] = process.argv.slice(2);
const { loadProgram } = await import(new URL("run.js", edgegrad).href);
const model = await loadProgram(readFileSync(join(folder, "mlp.safetensors")));
console.log(JSON.stringify([...model.run(readFloats(folder, "x"))]));
process.exit(0);
