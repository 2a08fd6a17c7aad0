import { status } from '@grpc/grpc-js';
import { statusDetails } from '../../../test/support/status-details';
import { AzrError, InvalidSettings } from '../../domain/errors';
import { toServiceError } from './service-error';

describe('a failure as a caller is told it', () => {
  it('has status, reason and message', () => {
    const error = toServiceError(new AzrError('conflict', 'two lines\nof text'));
    expect(error).toMatchObject({ code: status.FAILED_PRECONDITION, details: 'two lines; of text' });
    const { status: rpcStatus, ErrorInfo, BadRequest } = statusDetails(error);
    expect(rpcStatus).toEqual({ code: status.FAILED_PRECONDITION, message: 'two lines; of text' });
    expect(ErrorInfo).toEqual({ reason: 'CONFLICT', domain: 'azr' });
    expect(BadRequest).toBeUndefined();
  });

  it('names every setting that is not legal', () => {
    const problems = [
      { path: 'update.learningRate', value: -1, legal: 'above 0' },
      { path: 'x', value: undefined, legal: 'ü' },
    ];
    const error = toServiceError(new InvalidSettings(problems));
    expect(error.code).toBe(status.INVALID_ARGUMENT);
    expect(statusDetails(error)['BadRequest']).toEqual({
      fieldViolations: [
        { field: 'update.learningRate', description: '-1 is not legal; above 0' },
        { field: 'x', description: 'not set is not legal; ü' },
      ],
    });
  });

  it('stays below what trailers hold, whatever the caller wrote', () => {
    const long = Array.from({ length: 500 }, (_, i) => ({
      path: 'x'.repeat(1_000) + i,
      value: 'y'.repeat(50_000),
      legal: '',
    }));
    const error = toServiceError(new InvalidSettings(long));
    const trailer = error.metadata.get('grpc-status-details-bin')[0] as Buffer;
    expect(encodeURI(error.details).length + (trailer.length * 4) / 3).toBeLessThan(8_000);
    const { fieldViolations } = statusDetails(error)['BadRequest'] as { fieldViolations: unknown[] };
    expect(fieldViolations.length).toBeGreaterThan(1);
  });

  it.each(['😀', '€', '\ud83d', 'a\ude00'])('can be sent, however many %j the caller wrote', (text) => {
    for (const times of [1, 99, 5_000]) {
      const value = text.repeat(times);
      const error = toServiceError(new InvalidSettings([{ path: value, value, legal: value }]));
      const trailer = error.metadata.get('grpc-status-details-bin')[0] as Buffer;
      expect(encodeURI(error.details).length + (trailer.length * 4) / 3).toBeLessThan(8_000);
      expect(toServiceError(new AzrError('invalid', value)).details).not.toMatch(/\p{Surrogate}/u);
    }
  });

  it('says nothing of an error that was not meant for anyone', () => {
    const error = toServiceError(new TypeError('secret is undefined'));
    expect(error.code).toBe(status.INTERNAL);
    expect(error.details).not.toContain('secret');
  });
});
