-- The log is read by owner in the order of commits; see EventLog.
CREATE INDEX event_by_owner_in_commit_order ON event (owner, xid, event_id);
DROP INDEX event_by_owner;
