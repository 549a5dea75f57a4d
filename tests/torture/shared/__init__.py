"""What several parts use: commands in forked processes, hostile names, targets and their state."""
