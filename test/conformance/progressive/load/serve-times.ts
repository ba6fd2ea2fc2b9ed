/** Does something so many times, some of them at the same time; fails as soon as one does. */
export async function serveTimes(
  times: number,
  atATime: number,
  serve: (index: number) => Promise<void>,
): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < times) await serve(next++);
  };
  await Promise.all(Array.from({ length: Math.min(atATime, times) }, worker));
}
