"""One module per project tool; a module here with a TOOL is found by itself."""
