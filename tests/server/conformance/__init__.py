"""What the conformance tests of `outgrow.database` run on, and what they know of it."""
