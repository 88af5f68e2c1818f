/** In all teams together: the list is read at once. Apart from the schemas, which the writer's thread does not load. */
export const mostSecrets = 500
