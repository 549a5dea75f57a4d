"""Rows arrive: read from the snapshot, sent by COPY, and what can't be held is kept aside."""
