/** Address of a route, such as `v1` or `tokenize`, of a server by its base URL, with or without a slash at its end. */
export const routeOf = (server: string, route: string): string =>
  new URL(route, server.endsWith('/') ? server : `${server}/`).href;
