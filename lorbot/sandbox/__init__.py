"""The embedded mail server, and the simulated people of the demo."""
