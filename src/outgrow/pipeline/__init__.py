"""The work from end to end, readable from top to bottom: assess, build, verify, publish."""
