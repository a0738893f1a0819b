"""The whole product in real browsers: real web, clock, worker and Redis, real pushes."""
