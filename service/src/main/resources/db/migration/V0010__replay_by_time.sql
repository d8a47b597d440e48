-- A stretch of an owner's time is found without reading its whole log: of a million events 2 ms instead of 130 to 180. 30 MB per million events; building it locks the log against writing for about a second per million.
CREATE INDEX event_by_owner_and_time ON event (owner, at);
