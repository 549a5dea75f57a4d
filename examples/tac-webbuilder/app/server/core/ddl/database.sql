CREATE TABLE IF NOT EXISTS adw_locks (
    issue_number INTEGER PRIMARY KEY,
    adw_id TEXT NOT NULL,
    status TEXT NOT NULL
        CHECK (status IN (
            'planning', 'building', 'testing', 'reviewing', 'documenting'
        )),
    github_url TEXT,
    created_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP
);
CREATE INDEX IF NOT EXISTS idx_adw_locks_status ON adw_locks (status);

CREATE TABLE IF NOT EXISTS phase_queue (
    queue_id TEXT PRIMARY KEY,
    parent_issue INTEGER NOT NULL,
    phase_number INTEGER NOT NULL,
    issue_number INTEGER,  -- NULL until GitHub issue created
    status TEXT DEFAULT 'queued'
        CHECK (status IN (
            'queued', 'ready', 'running', 'completed', 'blocked', 'failed'
        )),
    depends_on_phase INTEGER,  -- Phase number that must complete first (NULL for Phase 1)
    phase_data TEXT,  -- JSON: {title, content, externalDocs}
    created_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP,
    error_message TEXT,
    adw_id TEXT,
    pr_number INTEGER,
    priority INTEGER DEFAULT 50,
    queue_position INTEGER,
    ready_timestamp TEXT,
    started_timestamp TEXT
);
CREATE INDEX IF NOT EXISTS idx_phase_queue_issue ON phase_queue (issue_number);
CREATE INDEX IF NOT EXISTS idx_phase_queue_parent ON phase_queue (parent_issue);
CREATE INDEX IF NOT EXISTS idx_phase_queue_priority ON phase_queue (priority, queue_position);
CREATE INDEX IF NOT EXISTS idx_phase_queue_status ON phase_queue (status);

CREATE TABLE IF NOT EXISTS queue_config (
    config_key TEXT PRIMARY KEY,
    config_value TEXT NOT NULL,
    updated_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP
);
