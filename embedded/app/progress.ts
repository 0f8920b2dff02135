import { SingleBar } from 'cli-progress';
import type { RunAnswer } from './answers';

/** Shows how far a run is, until `end`. */
export interface Progress {
  show(run: RunAnswer): void;
  end(): void;
}

const PHASES: Readonly<Record<string, string>> = {
  open: 'starting',
  readSource: 'reading the source',
  readTarget: 'reading Jira',
  plan: 'planning',
  gate: 'checking the limits',
  apply: 'writing to Jira',
  verify: 'verifying',
  close: 'writing the results',
  ended: 'done',
};

const AFTER_APPLY: readonly string[] = ['verify', 'close', 'ended'];

const BAR_WIDTH = 30;
const STEP_OF_LINES_PERCENT = 25;
const number = (value: number): string => value.toLocaleString('en');
const phaseOf = (run: RunAnswer): string => PHASES[run.phase] ?? run.phase;

/** A bar on a terminal, else a line from time to time. */
export function createProgress(isTerminal: boolean, print: (line: string) => void): Progress {
  return isTerminal ? createBar() : createLines(print);
}

/** Shows nothing. */
export const noProgress = (): Progress => ({ show: () => undefined, end: () => undefined });

function countText({ phase, progress: { done, total } }: RunAnswer): string {
  if (phase === 'apply' && total > 0) return `${number(done)} of ${number(total)}`;
  return phase === 'readSource' && done > 0 ? number(done) : '';
}

function createBar(): Progress {
  const bar = new SingleBar({
    clearOnComplete: true,
    hideCursor: true,
    stopOnComplete: false,
    // The signals are ours (lifetime.ts).
    gracefulExit: false,
    stream: process.stdout,
    format: (_options, params, payload) => {
      const { run } = payload as { run: RunAnswer };
      const seconds = Math.round((Date.now() - params.startTime) / 1_000);
      const full = Math.round(BAR_WIDTH * (AFTER_APPLY.includes(run.phase) ? 1 : params.progress));
      const drawn = '█'.repeat(full) + '░'.repeat(BAR_WIDTH - full);
      return `  ${run.id}  ${drawn}  ${phaseOf(run)} ${countText(run)}  ${seconds} s`;
    },
  });
  let started = false;
  return {
    show: (run) => {
      const done = run.phase === 'apply' ? run.progress.done : 0;
      const total = Math.max(1, run.progress.total);
      if (!started) bar.start(total, done, { run });
      started = true;
      bar.setTotal(total);
      bar.update(done, { run });
    },
    end: () => {
      if (started) bar.stop();
    },
  };
}

function createLines(print: (line: string) => void): Progress {
  let told = '';
  return {
    show: (run) => {
      if (run.status !== 'running') return;
      const { done, total } = run.progress;
      const percent = run.phase === 'apply' && total > 0 ? Math.floor((100 * done) / total) : 0;
      const step = percent - (percent % STEP_OF_LINES_PERCENT);
      const state = `  ${run.id}: ${phaseOf(run)}${step > 0 ? ` ${step} %` : ''}`;
      if (state !== told) print(state);
      told = state;
    },
    end: () => undefined,
  };
}
