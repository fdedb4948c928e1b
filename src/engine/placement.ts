// Placement: which device each node of a graph runs on, by the user's marks and by what the devices can do. What comes of it: see spread.ts.
import { DeviceError } from "../base/errors.js";
import { modulesOf, partition, type Plan } from "../compile/partition.js";
import { nodesOf, type Graph } from "../graph/graph.js";
import { isLeaf, onDeviceNodes, PART, type Value } from "../graph/value.js";
import { MODULES } from "../program/kernels.js";
import { devices, HOME, named } from "./device.js";

/**
 * Runs fn; what the tensors it makes are computed from runs on that device, and so do their gradients. Values cross from device to device by themselves.
 * Variables stay on "wasm", and are sent where they are read.
 *
 * Throws DeviceError when there is no such device: await addDevice(name) first.
 */
export function onDevice<T>(name: string, fn: () => T): T {
  named(name, "onDevice");
  return onDeviceNodes(name, fn);
}

/** Whether parts of a graph run on other devices: some are marked, or need kernels that the first device has not. */
export function isSpread(graph: Graph): boolean {
  if (devices().length === 1) return false;
  const nodes = nodesOf(graph);
  return nodes.some(({ device: mark }) => mark !== undefined && mark !== HOME) || (lacksModules() && nodes.some((value) => deviceOf(value) !== HOME));
}

/** The graph's parts. */
export function planFor(graph: Graph): Plan {
  return partition(graph, deviceOf, HOME);
}

function lacksModules(): boolean {
  return named(HOME, "run").modules.length < MODULES.length;
}

/** The device a node is marked for; else the first that has the kernels it needs. */
export function deviceOf(value: Value): string {
  if (value.device !== undefined) return value.device;
  if (isLeaf(value) || value.op === PART) return HOME;
  const needed = modulesOf(value);
  const able = devices().find((name) => [...needed].every((module) => named(name, "run").modules.includes(module)));
  if (able === undefined) throw new DeviceError(`${value.op.name}: no device has the kernel modules ${[...needed].join(", ")}; there are ${devices().join(", ")}.`);
  return able;
}
