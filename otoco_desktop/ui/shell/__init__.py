"""The window's frame: theme, icons, bridge to the desk, runtime for coroutines, and the window itself."""
