-- When a job first offered something to play, so that the log tells it once. Adding the column is instant; only jobs that may still go on are looked at.
ALTER TABLE job ADD COLUMN playable_at timestamptz;
UPDATE job j SET playable_at = now()
WHERE status IN ('PENDING', 'IN_PROGRESS', 'FAILED')
  AND EXISTS (SELECT FROM output o WHERE o.job_id = j.job_id AND o.path IN ('early/master.m3u8', 'hls/master.m3u8'));
