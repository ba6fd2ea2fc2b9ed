/** Who is let in, and for what. */
export type { Access } from './access.js';
export { identifyCaller, requireScope, type RouteScope } from './authorize.js';
export type { Caller } from './caller.js';
export { ingestRights } from './ingest-rights.js';
export { KeySets } from './key-sets.js';
export { accessFiles, loadAccess, type LoadAccessOptions } from './load-access.js';
export { refusalReasons, type Identity, type RefusalReason } from './refusal.js';
export { refusalAnswer, type RefusalAnswer } from './refusal-answer.js';
export { noteRefusal, refuse } from './refuse.js';
export { callerOf, identityOf, rememberIdentity } from './request-identity.js';
export { visibleTo, withVisibleNames } from './visible-names.js';
export { visiblePolicies } from './visible-policies.js';
