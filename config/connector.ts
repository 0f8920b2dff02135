import { z } from 'zod';
import type { DecisionSettings, FullRead, LoginSettings, MappingSettings, ScheduleSettings } from '../domain/settings';
import type { GoldenUser } from '../domain/golden';
import { DEFAULTS } from './defaults';
import {
  approvalSchema,
  groupsSchema,
  loginSchema,
  matchSchema,
  protectedSchema,
  safetySchema,
  scopeSchema,
  usersSchema,
} from './decisions';
import { goldenSchema } from './golden';
import { lifecycleSchema, unconfirmedSteps } from './lifecycle';
import { completeMapping, mappingSchema } from './mapping';
import { idSchema, textSchema, wholeNumber } from './scalars';
import { choice, section, strict } from './section';
import { sourceSchema, type SourceDefinition, type SourceConfig } from './source';
import { UNBUILT } from './unbuilt';

const MAX_JITTER_SECONDS = 3600;

/** A connector as parsed: every key has a value, durations are hours, paths are absolute. */
export interface ConnectorConfig extends DecisionSettings {
  readonly id: string;
  readonly name: string;
  /** Id of the target. */
  readonly target: string;
  /** `observe`: every run is a preview. */
  readonly mode: 'apply' | 'observe';
  readonly source: SourceConfig;
  /** Null where there is no cron expression: the connector runs on request only. */
  readonly schedule: ScheduleSettings | null;
  /** Written as `schedule.fullRead`; it counts for runs on request too. */
  readonly fullRead: FullRead;
  readonly users: DecisionSettings['users'] & {
    /** Whether Jira mails a new account. */
    readonly notify: boolean;
    readonly applicationKeys: readonly string[];
  };
  readonly login: LoginSettings;
  /** Examples that a configuration has to get right before it is saved. */
  readonly golden: readonly GoldenUser[];
}

/** What the schema of connectors needs from outside this folder. */
export interface ConnectorSchemaOptions {
  readonly definitions: readonly SourceDefinition[];
  /** domain/schedule.ts: what is wrong with a schedule, as sentences; `now` in ms since the epoch. */
  readonly checkSchedule: (schedule: ScheduleSettings, now: number) => string[];
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

const scheduleSchema = strict({
  cron: textSchema.optional(),
  timezone: textSchema.default(DEFAULTS.schedule.timezone),
  enabled: z.boolean().default(DEFAULTS.schedule.enabled),
  jitterSeconds: wholeNumber(0, MAX_JITTER_SECONDS).default(DEFAULTS.schedule.jitterSeconds),
  fullRead: choice(['daily', 'weekly', 'monthly']).default(DEFAULTS.fullRead),
});

/** The schema of one connector (rules 7). Input is what an admin writes, output is complete. */
export function connectorSchema(options: ConnectorSchemaOptions) {
  const presets = new Map<string, MappingSettings>(options.definitions.map(({ type, preset }) => [type, preset]));
  const shape = {
    id: idSchema,
    name: z.string().min(1).max(200).optional(),
    target: idSchema,
    mode: choice(['apply', 'observe']).default(DEFAULTS.mode),
    source: sourceSchema(options.definitions),
    schedule: checkedSchedule(options).prefault({}),
    scope: scopeSchema.prefault({}),
    match: matchSchema.prefault({}),
    users: usersSchema.prefault({}),
    mapping: mappingSchema.prefault({}),
    groups: groupsSchema.prefault({}),
    lifecycle: lifecycleSchema.prefault({}),
    protected: protectedSchema.prefault({}),
    safety: safetySchema.prefault({}),
    approval: approvalSchema.prefault({}),
    login: loginSchema.prefault({}),
    golden: goldenSchema,
  };
  return section(shape, UNBUILT.connector).transform((written, context): ConnectorConfig => {
    const preset = presets.get(written.source.type);
    if (preset === undefined) {
      context.addIssue({ code: 'custom', path: ['source', 'type'], message: 'has no preset mapping' });
      return z.NEVER;
    }
    for (const path of unconfirmedSteps(written.lifecycle, written.id)) {
      const message = `what cannot be undone needs the id of the connector here: "${written.id}"`;
      context.addIssue({ code: 'custom', path: ['lifecycle', ...path], message });
    }
    return {
      ...written,
      ...written.schedule,
      name: written.name ?? written.id,
      mapping: completeMapping(written.mapping, preset),
    };
  });
}

function checkedSchedule({ checkSchedule, now }: ConnectorSchemaOptions) {
  return scheduleSchema.transform(
    ({ cron, fullRead, ...rest }, context): Pick<ConnectorConfig, 'schedule' | 'fullRead'> => {
      if (cron === undefined) return { schedule: null, fullRead };
      const schedule = { cron, ...rest };
      for (const message of checkSchedule(schedule, now())) context.addIssue({ code: 'custom', message });
      return { schedule, fullRead };
    }
  );
}
