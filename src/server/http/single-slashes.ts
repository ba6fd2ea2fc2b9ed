import type { RequestHandler } from 'express';

/**
 * Reads `//v1//verdict` as `/v1/verdict`: a base URL with a slash at its end is a common slip in a template, and
 * must not turn every measurement into an error. A target in absolute form (`http://host/path`) keeps its slashes.
 */
export const singleSlashes: RequestHandler = (request, _response, next) => {
  const [path = '', ...query] = request.url.split('?');
  if (path.startsWith('/') && path.includes('//'))
    request.url = [path.replaceAll(/\/{2,}/g, '/'), ...query].join('?');
  next();
};
