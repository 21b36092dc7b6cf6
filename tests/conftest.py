"""What every test may ask for; see tests/support."""

pytest_plugins = (
    "tests.support.servers",
    "tests.support.clocks",
    "tests.support.databases",
    "tests.support.works",
    "tests.support.http",
)
