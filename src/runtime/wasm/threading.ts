// All that several threads take, in one place, so that programs on one thread need not load it: see WasmOptions.threading.
export { Pace } from "./pace.js";
export { withSharedMemory } from "./sharing.js";
export { signalBytes } from "./signals.js";
export { Team } from "./team.js";
export { ThreadLists } from "./threads.js";
