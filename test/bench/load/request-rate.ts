import autocannon from 'autocannon';

const connections = 10;

/** Answers a second that one address gives to ten connections at a time, for so many seconds. */
export async function requestRate(url: string, seconds: number): Promise<number> {
  const { requests, non2xx, errors, duration } = await autocannon({ url, connections, duration: seconds });
  if (non2xx > 0 || errors > 0) throw new Error(`${non2xx} answers were no success, ${errors} failed`);
  return requests.total / duration;
}
