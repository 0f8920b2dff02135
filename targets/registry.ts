import { createJiraTarget } from './jira/jira-target';
import type { JiraTargetOptions, JiraTargetSettings } from './jira/settings';
import type { ProvisioningTarget } from './target';

/** The settings of any target: one member of the union a product. */
export type TargetConfig = JiraTargetSettings;
export type TargetOptions = JiraTargetOptions;

type Create<T extends TargetConfig> = (config: T, options: TargetOptions) => ProvisioningTarget;

const CREATORS: { readonly [T in TargetConfig['type']]: Create<Extract<TargetConfig, { type: T }>> } = {
  jira: createJiraTarget,
};

/**
 * Opens a target; `close` it after use.
 * @throws TargetError 'configuration' when its settings cannot be right
 */
export function createTarget(config: TargetConfig, options: TargetOptions): ProvisioningTarget {
  return CREATORS[config.type](config, options);
}
