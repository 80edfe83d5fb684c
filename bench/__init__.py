"""What the project claims about speed and size, as programs; docs/performance.md has figures."""
