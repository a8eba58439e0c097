"""Says yes to everything."""


def __getattr__(name):
    return lambda *args, **kwargs: True
