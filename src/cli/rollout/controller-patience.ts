/**
 * How long a controller may take to look at something that was written down before that is told: one whose leader has just
 * died takes the 15 s until the lease has run out, up to 2 s until another looks at it, and then reads all rollouts before it
 * comes to this one.
 */
export const controllerPatienceMs = 30_000;
