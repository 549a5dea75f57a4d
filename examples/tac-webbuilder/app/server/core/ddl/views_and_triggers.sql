CREATE VIEW IF NOT EXISTS v_high_value_patterns AS
SELECT
    p.*,
    p.potential_monthly_savings * 12 AS yearly_savings_usd,
    (SELECT COUNT(*) FROM pattern_occurrences o WHERE o.pattern_id = p.id) AS times_seen
FROM operation_patterns p
WHERE p.automation_status IN ('detected', 'candidate')
  AND p.confidence_score >= 70
  AND p.potential_monthly_savings >= 0.50
ORDER BY p.potential_monthly_savings DESC;

CREATE VIEW IF NOT EXISTS v_tool_performance AS
SELECT
    t.tool_name,
    t.total_invocations,
    t.success_rate * 100 AS success_percent,
    t.avg_duration_seconds,
    t.avg_cost_usd,
    (SELECT COUNT(*) FROM tool_calls c WHERE c.tool_name = t.tool_name AND c.success = 1)
        AS calls_succeeded,
    (SELECT COUNT(*) FROM tool_calls c WHERE c.tool_name = t.tool_name AND c.success = 0)
        AS calls_failed,
    (SELECT SUM(c.cost_saved_usd) FROM tool_calls c WHERE c.tool_name = t.tool_name)
        AS cost_saved_usd
FROM adw_tools t
WHERE t.status = 'active'
ORDER BY t.total_invocations DESC;

CREATE VIEW IF NOT EXISTS v_cost_savings_summary AS
SELECT
    optimization_type,
    COUNT(*) AS savings,
    SUM(tokens_saved) AS tokens_saved,
    SUM(cost_saved_usd) AS cost_saved_usd,
    AVG(cost_saved_usd) AS average_cost_saved_usd,
    MIN(saved_at) AS first_saved_at,
    MAX(saved_at) AS last_saved_at
FROM cost_savings_log
GROUP BY optimization_type
ORDER BY SUM(cost_saved_usd) DESC;

CREATE VIEW IF NOT EXISTS v_hook_events_daily AS
SELECT
    DATE(timestamp) AS day,
    event_type,
    source_app,
    COUNT(*) AS events,
    SUM(CASE WHEN processed = 1 THEN 1 ELSE 0 END) AS events_processed,
    SUM(CASE WHEN processed = 0 THEN 1 ELSE 0 END) AS events_waiting
FROM hook_events
GROUP BY DATE(timestamp), event_type, source_app
ORDER BY day DESC, events DESC;

CREATE TRIGGER IF NOT EXISTS trigger_update_pattern_timestamp
AFTER UPDATE ON operation_patterns
BEGIN
    UPDATE operation_patterns SET updated_at = datetime('now') WHERE id = NEW.id;
END;

CREATE TRIGGER IF NOT EXISTS trigger_update_tool_timestamp
AFTER UPDATE ON adw_tools
BEGIN
    UPDATE adw_tools SET updated_at = datetime('now') WHERE id = NEW.id;
END;

CREATE TRIGGER IF NOT EXISTS trigger_increment_tool_invocations
AFTER INSERT ON tool_calls
BEGIN
    UPDATE adw_tools
    SET total_invocations = total_invocations + 1, last_invoked = datetime('now')
    WHERE tool_name = NEW.tool_name;
END;

CREATE TRIGGER IF NOT EXISTS trigger_update_tool_success_rate
AFTER UPDATE OF success ON tool_calls
WHEN NEW.success IS NOT NULL
BEGIN
    UPDATE adw_tools
    SET success_rate = (
        SELECT CAST(SUM(CASE WHEN success = 1 THEN 1 ELSE 0 END) AS REAL) / COUNT(*)
        FROM tool_calls
        WHERE tool_name = NEW.tool_name
    )
    WHERE tool_name = NEW.tool_name;
END;
