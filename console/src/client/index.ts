export { Claimcheck, hasEnded, type JobFilter } from "./claimcheck";
export { EventFollower, type ConnectionState, type EventListener } from "./events";
export { Http, Refused, type Settings } from "./http";
export type * from "./types";
export type { Interrupted } from "./remembered";
export type { Phase, Sending } from "./transfer";
export { Uploads, type Uploading } from "./uploads";
