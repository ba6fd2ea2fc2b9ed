/** Whether an address is that of a verdict: by its path, else by the name of the host. */
export function leadsToVerdict(url: string): boolean {
  const [address = ''] = url.split(/[?#]/, 1);
  if (/\/v1\/verdict\/?$/.test(address)) return true;
  const [host = ''] = address.replace(/^\w+:\/\//, '').split('/', 1);
  return /ml-verdict/i.test(host);
}
