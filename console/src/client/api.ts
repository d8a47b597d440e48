import type { paths } from "./openapi";

/**
 * Types of requests and answers, taken from the generated openapi.ts: a path that is not there, a member that is misspelt or an answer read wrongly does not compile. Nothing of it is in the
 * built file.
 */
export type Path = keyof paths;
export type Method = "get" | "post" | "patch" | "delete" | "options";

type Operation<M extends Method, P extends Path> = paths[P][M];
/** Paths that take this method. */
export type PathOf<M extends Method> = { [P in Path]: Operation<M, P> extends { responses: unknown } ? P : never }[Path];

type Json<Content> = Content extends { content: { "application/json": infer Body } } ? Body : never;
type Success = 200 | 201 | 202;

/** What is answered where it went well. */
export type Answer<M extends Method, P extends Path> = Operation<M, P> extends { responses: infer All } ? Json<All[keyof All & Success]> : never;
/** What is sent. */
export type Body<M extends Method, P extends Path> = Operation<M, P> extends { requestBody?: infer Sent } ? Json<NonNullable<Sent>> : never;

type Parameters<M extends Method, P extends Path, In extends "path" | "query"> = Operation<M, P> extends { parameters: infer All } ? (In extends keyof All ? NonNullable<All[In]> : never) : never;

/** Parts of one value in the path are separated by slashes. */
type PathValues<Names> = [Names] extends [never] ? { path?: never } : { path: { [Name in keyof Names]: string | readonly string[] } };
type QueryValues<Names> = [Names] extends [never] ? { query?: never } : { query?: { [Name in keyof Names]?: Names[Name] | null | undefined } };
type Sent<B> = [B] extends [never] ? { body?: never } : { body?: B };

/** What makes an operation's request. What is null or undefined in the query is left out. */
export type Ask<M extends Method, P extends Path> = PathValues<Parameters<M, P, "path">> &
  QueryValues<Parameters<M, P, "query">> &
  Sent<Body<M, P>> & { headers?: Record<string, string>; signal?: AbortSignal | undefined };

/** The address of an operation: the path with its values in place, encoded, and the query. */
export function addressOf(path: string, { path: values = {}, query = {} }: { path?: Record<string, string | readonly string[]>; query?: Record<string, unknown> }): string {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => [values[name] ?? ""].flat().map(encodeURIComponent).join("/"));
  const set = Object.entries(query).filter(([, value]) => value !== null && value !== undefined && value !== "");
  return set.length === 0 ? filled : `${filled}?${new URLSearchParams(set.map(([name, value]) => [name, String(value)]))}`;
}
