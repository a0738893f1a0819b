"""What tests/ and e2e/ share: databases, push service, and one browser driver a process."""

pytest_plugins = ["tests.chromium", "tests.databases", "tests.push_service.plugin"]
