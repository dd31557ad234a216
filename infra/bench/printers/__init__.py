"""The same document drawn by other libraries, for comparison only: same strings, same table, an embedded font."""
