/** What a worker process says of one task. */
export type Reply =
  | { readonly kind: 'answer'; readonly answer: unknown }
  | { readonly kind: 'failed'; readonly message: string };

/** Makes this process a worker of `shareWork`: it answers one task after the other until it is ended. */
export function serveTasks(answer: (task: unknown) => unknown): void {
  const reply = async (task: unknown): Promise<Reply> => {
    try {
      return { kind: 'answer', answer: await answer(task) };
    } catch (error) {
      return { kind: 'failed', message: error instanceof Error ? error.message : String(error) };
    }
  };
  process.on('message', ({ task }: { readonly task: unknown }) => {
    void reply(task).then((said) => process.send?.(said));
  });
}
