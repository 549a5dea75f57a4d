"""What ``outgrow init`` writes into somebody's project."""
