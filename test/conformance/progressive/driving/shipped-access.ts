/** The account that the shipped files make for the controller. */
export const controllerAccount = { namespace: 'ml-verdict', name: 'ml-verdict-controller' } as const;
