"""What tests/ and e2e/ share: one browser driver, since two cannot run in one process."""

pytest_plugins = ["tests.chromium"]
