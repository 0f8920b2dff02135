/** cron-parser's index names these modules in code that workflows never reach; every bundle ignores them. */
export const BUNDLE_IGNORED_MODULES = ['fs', 'fs/promises'] as const;
