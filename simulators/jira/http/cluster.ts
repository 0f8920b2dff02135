import type { Headers } from './answer';

/** The load balancer before the nodes of a cluster. */
export interface Cluster {
  /** The node that the cookie of an earlier answer asks for, or the next one in turn. */
  readonly nodeFor: (cookie: string | undefined) => number;
  /** What tells a client that keeps cookies where it was; nothing on a single node. */
  readonly headersOf: (node: number) => Headers;
}

const ROUTE = /(?:^|;\s*)ROUTEID=node-(\d{1,3})(?:;|$)/;

export function createCluster(nodes: number): Cluster {
  let next = 0;
  return {
    nodeFor: (cookie) => {
      const wanted = Number(ROUTE.exec(cookie ?? '')?.[1] ?? 0);
      if (wanted >= 1 && wanted <= nodes) return wanted;
      next = (next % nodes) + 1;
      return next;
    },
    headersOf: (node) => (nodes === 1 ? {} : { 'Set-Cookie': [`ROUTEID=node-${node}; Path=/`] }),
  };
}
