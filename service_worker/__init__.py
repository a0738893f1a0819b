"""The browser's service worker: scripts that Baton serves at /sw.js and /sw/."""
