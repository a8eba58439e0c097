"""Fetch a page.

ends: nothing
"""

import urllib.request
def f(world):
    return urllib.request.urlopen(f"http://127.0.0.1:{world['tcp']}/{world['token']}", timeout=1).read()
