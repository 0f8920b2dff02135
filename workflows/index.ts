export { applyPlanWorkflow } from './applyPlanWorkflow';
export { connectorWorkflow } from './connectorWorkflow';
export { syncRunWorkflow } from './syncRunWorkflow';
export { taskWorkflow } from './taskWorkflow';
