/** A picture and, right under it, the words that say what it shows. */
export function pictureBlock(title: string, path: string, caption: string): string {
  return [`![${title}](${path})\\`, caption].join('\n');
}
