import type { AttributeRecord } from '../domain/model';
import type { RequestRecord } from '../store/records';
import type { ActivityDeps } from './deps';
import { explainPerson } from './insight/explain';
import { TaskRefusal } from './insight/refusal';
import { carryOutWhatIf } from './insight/whatIfTask';
import { reportMigration } from './migration/report';
import { cancellation, whileHeartbeating } from './progress';
import type { RunContexts } from './runContext';

interface Step {
  readonly ok: boolean;
}

/** Requests that are carried out apart from runs: connection tests, what-ifs, explanations. The result lies under the request. */
export function taskActivities(deps: ActivityDeps, contexts: RunContexts) {
  const { store } = deps;
  const carryOut = async (request: RequestRecord): Promise<AttributeRecord> => {
    switch (request.kind) {
      case 'testConnector':
        return steps(await testConnector(request.subject));
      case 'testTarget':
        return steps(await (await contexts.target(request.subject)).test(cancellation()));
      case 'whatIf':
        return plain(await carryOutWhatIf(deps, contexts, request));
      case 'explain':
        return plain(await explainPerson(deps, contexts, request));
      case 'migrationReport':
        return plain(await reportMigration(deps, contexts, request));
      default:
        throw new Error(`request kind ${request.kind} is not a task`);
    }
  };
  const testConnector = async (id: string): Promise<readonly Step[]> => {
    const connector = await store.connectors.get(id);
    if (connector === null) throw new Error(`connector ${id} does not exist`);
    const settings = await contexts.settings(id, connector.version);
    return contexts.provider(settings, connector.version).test(cancellation());
  };
  return {
    async runTask({ requestId }: { readonly requestId: string }): Promise<void> {
      const request = await store.requests.get(requestId);
      if (request?.status !== 'waiting') return;
      const finishedAt = (): string => deps.now().toISOString();
      try {
        const result = await whileHeartbeating(() => carryOut(request));
        await store.requests.finish(requestId, {
          status: 'done',
          runId: null,
          result,
          error: null,
          finishedAt: finishedAt(),
        });
      } catch (error) {
        const message = error instanceof Error ? error.message : 'unknown failure';
        await store.requests.finish(requestId, {
          status: 'failed',
          runId: null,
          result: error instanceof TaskRefusal ? { problem: error.problem } : null,
          error: message,
          finishedAt: finishedAt(),
        });
      }
    },
  };
}

/** What a task found, as the store keeps it. */
const plain = (result: object): AttributeRecord => result as AttributeRecord;

const steps = (checks: readonly Step[]): AttributeRecord => ({
  ok: checks.every((check) => check.ok),
  steps: checks.map((check) => ({ ...check })),
});
