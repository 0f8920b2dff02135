import {
  ServiceError,
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
  isGrpcCancelledError,
  isGrpcDeadlineError,
  isGrpcServiceError,
} from '@temporalio/client';
import { ApplicationFailure, NamespaceNotFoundError } from '@temporalio/common';
import { TemporalUnavailable, UpdateRefused, WorkflowBusy } from './gateway-errors';

/** Status codes of gRPC that are told apart here. */
const GRPC = {
  deadlineExceeded: 4,
  permissionDenied: 7,
  resourceExhausted: 8,
  unavailable: 14,
  unauthenticated: 16,
} as const;

function grpcCode(error: unknown): number | null {
  if (isGrpcServiceError(error)) return error.code;
  if (error instanceof ServiceError && isGrpcServiceError(error.cause)) return error.cause.code;
  return null;
}

/** True when the call ended before its answer came: the update may or may not have arrived. */
export function isTimeout(error: unknown): boolean {
  return (
    error instanceof WorkflowUpdateRPCTimeoutOrCancelledError ||
    isGrpcDeadlineError(error) ||
    isGrpcCancelledError(error)
  );
}

/** Turns an error of the Temporal client into one of gateway-errors.ts; what is none of them stays as it is. */
export function translate(error: unknown): unknown {
  if (error instanceof WorkflowUpdateFailedError && error.cause instanceof ApplicationFailure) {
    return new UpdateRefused(error.cause.type ?? '', error.cause.message);
  }
  if (error instanceof NamespaceNotFoundError) {
    return new TemporalUnavailable('Temporal has not the configured namespace.', { cause: error });
  }
  switch (grpcCode(error)) {
    case GRPC.resourceExhausted:
      return new WorkflowBusy('Too many requests are under way for this connector.', { cause: error });
    case GRPC.unavailable:
    case GRPC.deadlineExceeded:
      return new TemporalUnavailable('Temporal cannot be reached.', { cause: error });
    case GRPC.permissionDenied:
    case GRPC.unauthenticated:
      return new TemporalUnavailable('Temporal refuses the credentials of this process.', { cause: error });
    default:
      return error;
  }
}
