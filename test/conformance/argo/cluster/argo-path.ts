/** Where an API server has the objects of Argo Rollouts. */
export const argoPath = '/apis/argoproj.io/v1alpha1';
