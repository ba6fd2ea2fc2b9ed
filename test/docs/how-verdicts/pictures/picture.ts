/** A picture of the page, with the words that stand under it. */
export interface Picture {
  /** Name of its file below `docs/pictures/how-verdicts-are-made`, without the ending. */
  readonly name: string;
  readonly title: string;
  readonly svg: string;
  /** What it shows, with the figures that it is drawn from. */
  readonly caption: string;
}

/** Odds that evidence axes are marked with. */
export const oddsTicks = (odds: readonly number[]) =>
  odds.map((value) => ({ at: Math.log(value), text: `${value.toLocaleString('en-US')}:1` }));
