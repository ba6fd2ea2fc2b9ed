import type { RequestHandler } from 'express';

/** No answer of this service may come from a cache on the way: a verdict is for now. */
export const noStore: RequestHandler = (_request, response, next) => {
  response.set('Cache-Control', 'no-store');
  next();
};
