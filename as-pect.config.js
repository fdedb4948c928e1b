// How the kernels' specs run: one WebAssembly module a spec, compiled as as-pect.asconfig.json says. Specs contain no classes and no closures.
export default {
  entries: ["assembly/__tests__/**/*.spec.ts"],
  include: [],
  disclude: [/node_modules/],
  instantiate: (memory, createImports, instantiate, binary) => instantiate(binary, createImports({ env: { memory } })),
  outputBinary: false,
};
