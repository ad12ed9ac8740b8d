"""Every test of the repository can ask for the fixtures of the runtime."""

pytest_plugins = ["premia_runtime.testing.fixtures"]
