// All callbacks: those that only watch and steer, and those that write files.
export * from "../../nn/callbacks/index.js";
export { backupAndRestore, type BackupAndRestoreOptions } from "./backupAndRestore.js";
export { csvLogger, type CsvLoggerOptions } from "./csvLogger.js";
export { modelCheckpoint, type ModelCheckpointOptions } from "./modelCheckpoint.js";
export { tensorBoard, type TensorBoardOptions } from "./tensorBoard.js";
