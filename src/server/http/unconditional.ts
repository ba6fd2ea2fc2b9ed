import type { RequestHandler } from 'express';

/**
 * Forgets the conditions of a request (`If-None-Match: *` matches any answer): they would be met with an empty 304,
 * which Argo counts as an error.
 */
export const unconditional: RequestHandler = (request, _response, next) => {
  delete request.headers['if-none-match'];
  delete request.headers['if-modified-since'];
  next();
};
