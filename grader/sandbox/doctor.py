"""What this machine offers for locking submissions in, layer by layer, and what to do about what is missing."""

from __future__ import annotations

import errno
import os
import platform
from pathlib import Path
from typing import NamedTuple

import click

from grader.errors import SandboxError
from grader.sandbox.sandbox import Sandbox


class Layer(NamedTuple):
    """One layer of the jail, as it is found here."""

    name: str
    available: bool
    found: str  #: "version 7", or what is missing
    advice: str  #: what to do; "" where there is nothing to do


def examine() -> list[Layer]:
    """Every layer, and at the end the jail as a whole, tried out. Raises nothing."""
    if platform.system() != "Linux":
        advice = "use Linux, WSL2 or a container; or grade with --sandbox none, which protects nothing"
        return [Layer("Linux", False, f"this is {platform.system() or 'an unknown system'}", advice)]
    return [_kernel(), _machine(), _landlock(), _seccomp(), _close_range(), *_whole()]


def _kernel() -> Layer:
    """Landlock came with Linux 5.13; pidfds, close_range and the newer mount calls before it."""
    release = platform.release()
    numbers = [int(part) for part in release.replace("-", ".").split(".")[:2] if part.isdigit()]
    new_enough = numbers >= [5, 13]
    return Layer("Linux", new_enough, release, "" if new_enough else "the jail needs Linux 5.13 or later")


def _machine() -> Layer:
    known = platform.machine() in ("x86_64", "aarch64")
    advice = "" if known else "the list of system calls has numbers for x86_64 and aarch64 only"
    return Layer("processor", known, platform.machine(), advice)


def _landlock() -> Layer:
    from grader.worker.jail import landlock  # Linux only, like everything below

    try:
        return Layer("landlock", True, f"version {landlock.version()}", "")
    except OSError as problem:
        advice = (
            "add landlock to the kernel's list of security modules (boot with lsm=landlock,…; see "
            "/sys/kernel/security/lsm); in a container, let its seccomp profile pass the landlock_* calls"
        )
        return Layer("landlock", False, str(problem), advice)


def _seccomp() -> Layer:
    status = Path("/proc/self/status").read_text(encoding="utf-8", errors="replace")
    available = "\nSeccomp:" in status
    advice = "" if available else "the kernel needs CONFIG_SECCOMP_FILTER"
    return Layer("seccomp", available, "filters" if available else "the kernel has none", advice)


def _close_range() -> Layer:
    from grader.worker.jail.kernel import call

    try:
        call("close_range", 0x7FFFFFF0, 0x7FFFFFF1, 0)  # nothing is open there
    except OSError as problem:
        advice = "use Linux 5.9 or later; in a container, let its seccomp profile pass close_range"
        return Layer("close_range", False, str(problem), advice)
    return Layer("close_range", True, "there", "")


def _whole() -> list[Layer]:
    """Start a jail, have it test itself, and see how it stands."""
    try:
        with Sandbox() as box:
            isolation, missing = box.isolation, box.missing_namespaces
    except SandboxError as problem:
        advice = "see above; where nothing can be done, --sandbox none grades without any protection"
        return [Layer("jail", False, str(problem).splitlines()[0], advice)]
    spaces = Layer("namespaces", not missing, missing or "there", _advice_on_namespaces(missing) if missing else "")
    return [spaces, Layer("jail", True, f"{isolation.level}: {', '.join(isolation.layers)}", "")]


#: Settings that keep ordinary users from having namespaces, with the value that allows them.
_SETTINGS = {
    "kernel/unprivileged_userns_clone": "1",
    "kernel/apparmor_restrict_unprivileged_userns": "0",
}


def _advice_on_namespaces(missing: str) -> str:
    """Without them everything else holds, but a submission can tell by `stat` whether a guessed path exists."""
    for setting, wanted in _SETTINGS.items():
        file = Path("/proc/sys", setting)
        if file.exists() and file.read_text(encoding="ascii").strip() != wanted:
            return f"sudo sysctl -w {setting.replace('/', '.')}={wanted}"
    if os.strerror(errno.ENOSPC) in missing:  # what unshare says when a limit is reached, be it nought
        return "raise the limits in /proc/sys/user (max_user_namespaces and its neighbours)"
    if Path("/.dockerenv").exists() or Path("/run/.containerenv").exists():
        return "run the container with a seccomp profile that passes unshare, mount and pivot_root"
    return "ask the administrator to let users make user namespaces"


@click.command("doctor", short_help="Say what this machine offers for the jail.")
@click.pass_context
def doctor(ctx: click.Context) -> None:
    """Say, layer by layer, what this machine offers for locking submissions in, and what to do about what is missing.

    \b
    Example:
      grade doctor
    """
    layers = examine()
    width = max(len(layer.name) for layer in layers)
    for layer in layers:
        click.echo(f"{'ok' if layer.available else 'MISSING':8}{layer.name:{width}}  {layer.found}")
        if layer.advice:
            click.echo(f"{'':8}{'':{width}}  -> {layer.advice}")
    if layers[-1].available:
        click.echo("Submissions can be graded here.")
    else:
        click.echo("Nothing is graded here, except with --sandbox none, which protects nothing.", err=True)
        ctx.exit(SandboxError.exit_code)
