export { applyPlanWorkflow } from './applyPlanWorkflow';
export { changesWorkflow } from './changesWorkflow';
export { connectorWorkflow } from './connectorWorkflow';
export { syncRunWorkflow } from './syncRunWorkflow';
export { sweepWorkflow } from './sweepWorkflow';
export { taskWorkflow } from './taskWorkflow';
export { userSyncWorkflow } from './userSyncWorkflow';
