-- Finds one session among a day's granules, as 0001's index finds one trace.
ALTER TABLE llm_calls ADD INDEX IF NOT EXISTS session_bloom session TYPE bloom_filter(0.01) GRANULARITY 1;
ALTER TABLE llm_calls MATERIALIZE INDEX session_bloom;
