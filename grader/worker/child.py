"""One submission's process: answers requests until the other side hangs up.

It runs in the same interpreter as the submission, which can therefore bend anything here. That is why nothing here is
evidence: the trusted side believes values, its own clock, and the kernel.
"""

from __future__ import annotations

import gc
import os
import warnings
from collections.abc import Callable, Iterable
from typing import Any, NoReturn

from . import data_files, denials, missing_modules
from .capture import Capture
from .loading import SubmissionLoader, describe, find_callable, prepare
from .proxies import make_proxy
from .shared import messages
from .shared.interpreter import NoValueError, StepRunner, is_told, reported_value
from .shared.messages import Frame, Sizes
from .shared.requests import decode_request
from .shared.steps import Call, Step
from .shared.wire import FRAME_HEADER

#: Reads and slices what was handed in: from what was asked, plain values, to what goes back, as bytes.
Read = Callable[[Any], bytes]

_CHUNK_BYTES = 1 << 16  # a larger one would be mapped and unmapped for every read


class Connection:
    """Blocking frames over a pair of descriptors."""

    def __init__(self, reading: int, writing: int) -> None:
        self._reading = reading
        self._writing = writing
        self._buffer = bytearray()

    def receive(self) -> Frame:
        """The next request. Raises `EOFError` when the other side has hung up."""
        self._fill(FRAME_HEADER.size)
        size, kind, position, nonce = FRAME_HEADER.unpack_from(self._buffer)
        end = FRAME_HEADER.size + size
        self._fill(end)
        body = self._buffer[FRAME_HEADER.size : end]
        del self._buffer[:end]
        return Frame(kind, position, nonce, body)

    def _fill(self, size: int) -> None:
        while len(self._buffer) < size:
            chunk = os.read(self._reading, min(max(size - len(self._buffer), _CHUNK_BYTES), 16 * _CHUNK_BYTES))
            if not chunk:
                raise EOFError
            self._buffer += chunk

    def send(self, kind: int, position: int, nonce: bytes, body: bytes) -> None:
        left = memoryview(messages.frame(kind, position, nonce, body))
        while left:
            left = left[os.write(self._writing, left) :]


def serve_submission(connection: Connection, needed: tuple[str, ...], read_upload: Read) -> NoReturn:
    """Say that nothing of a submission has run yet, learn what replies may hold, and answer from then on."""
    connection.send(messages.READY, 0, bytes(messages.NONCE_BYTES), b"")
    try:
        sizes = messages.reply_sizes(*decode_request(connection.receive().body))
    except EOFError:
        os._exit(0)
    Child(connection, sizes, needed, read_upload).serve()


class Child:
    """The state of one submission: its modules, its required functions, and what it printed."""

    def __init__(self, connection: Connection, sizes: Sizes, needed: tuple[str, ...], read_upload: Read) -> None:
        self._connection = connection
        self._sizes = sizes
        self._read = read_upload
        self._needed = needed  # what the granted packages themselves import
        self._capture = Capture(sizes.output_bytes, self._is_flooded)
        self._loader: SubmissionLoader | None = None
        self._functions: dict[str, Any] = {}
        self._bench = StepRunner(self._function, self._proxy)
        self._nonce = bytes(messages.NONCE_BYTES)
        self._position = 0

    def serve(self) -> NoReturn:
        """Answer until the other side hangs up, then vanish without running anybody's exit handlers."""
        warnings.simplefilter("ignore")
        denials.watch_denials()
        try:
            while True:
                self._answer(self._connection.receive())
        except (EOFError, OSError):
            os._exit(0)

    def _answer(self, request: Frame) -> None:
        self._nonce, self._position = request.nonce, 0
        asked = decode_request(request.body)
        if request.kind == messages.READ:
            self._connection.send(messages.SLICED, 0, self._nonce, self._sliced(asked))
        elif request.kind == messages.UNPACK:
            self._unpack(asked)
        elif request.kind == messages.LOAD:
            self._load(*asked)
        elif request.kind == messages.REPLACE:
            self._replace(asked)
        elif request.kind == messages.RUN:
            self._bench = StepRunner(self._function, self._proxy)
            self._run(asked)
        elif request.kind == messages.GO_ON:
            self._run(asked, forgetting=True)

    def _sliced(self, asked: Any) -> bytes:
        gc.disable()  # trees have no circles, and to look for them takes a twentieth of the time
        try:
            return self._read(asked)
        finally:
            gc.freeze()
            gc.enable()

    def _reply(self, kind: int, value: Any, *texts: Any) -> None:
        body = messages.body_of(value, texts, self._sizes)
        self._connection.send(kind, self._position, self._nonce, body)
        self._position += 1

    def _is_flooded(self) -> NoReturn:
        self._reply(messages.FLOODED, None)
        os._exit(0)

    def _unpack(self, asked: Any) -> None:
        """Keep data files for the code to read, the handout's before a student's own: nobody else unpacks those."""
        packed, shipped = asked
        own = decode_request(self._read(packed)) if packed else []
        data_files.serve(data_files.DataFiles([*own, *shipped]))
        self._connection.send(messages.SLICED, 0, self._nonce, b"")

    def _load(
        self,
        modules: dict[str, str],
        entries: dict[str, tuple[str, str]],
        packages: tuple[str, ...],
        replaced: tuple[str, ...],
        skipped: tuple[tuple[str, int], ...],
    ) -> None:
        loader = self._loader = prepare(modules, {*packages, *self._needed}, skipped)
        loader.announce = self._announce
        if replaced:
            loader.expect(replaced)
        wanted = {module for module, _ in entries.values()}
        loaded = {name: loader.load(name) for name in modules if name in wanted}
        for function, (module, name) in entries.items():
            found = find_callable(loaded[module], name) if module in loaded else None
            if found is not None:
                self._functions[function] = found
        if replaced:
            self._put_proxies(loader, replaced)
        loader.announce = None  # what is imported within a call is a part of that
        unbound = [name for name in entries if name not in self._functions]
        self._reply(messages.LOADED, (loader.faults, unbound), self._capture.take())

    def _replace(self, names: list[str]) -> None:
        """Have the trusted side answer calls of functions that were the submission's own until now."""
        if self._loader is not None:
            self._loader.expect(names)
            self._put_proxies(self._loader, names)
        self._reply(messages.LOADED, ([], []), self._capture.take())

    def _put_proxies(self, loader: SubmissionLoader, names: Iterable[str]) -> None:
        proxies = {name: self._proxy(name) for name in names}
        loader.replace(proxies)
        self._functions |= proxies  # a step may call a helper too

    def _announce(self, statement: tuple[str, int, int]) -> None:
        """Say which statement begins, within the reply that is due: if it never ends, it is left out."""
        body = messages.body_of(statement, (), self._sizes)
        self._connection.send(messages.STARTED, self._position, self._nonce, body)

    def _run(self, steps: list[Step], forgetting: bool = False) -> None:
        """Answer steps; with `forgetting`, what they told needs no room any longer."""
        for position, step in enumerate(steps):
            missing_modules.raise_when_used(True)
            kind, value, texts = self._outcome(self._bench, step)
            missing_modules.raise_when_used(False)
            if not is_told(step, position == len(steps) - 1):
                self._position += 1
                continue
            printed = () if kind == messages.SKIPPED else (self._capture.take(),)
            try:
                self._reply(kind, value, *texts, *printed)
            except MemoryError:  # the value is there, but there's no room to say it
                self._reply(messages.RAISED, "MemoryError", "", None, None, *printed)
            if forgetting and isinstance(step, Call) and not step.quiet:
                self._bench.forget()

    def _outcome(self, bench: StepRunner, step: Step) -> tuple[int, Any, tuple[Any, ...]]:
        """Kind, value and texts of the reply to one step."""
        try:
            return messages.RETURNED, reported_value(step, bench.perform(step)), ()
        except NoValueError as problem:
            return messages.SKIPPED, str(problem), ()
        except BaseException as problem:  # noqa: BLE001 - SystemExit and KeyboardInterrupt are answers like any other
            name, text, module, line = describe(problem, self._loader)
            return messages.RAISED, name, (text, module, line)

    def _proxy(self, name: str) -> Callable[..., Any]:
        return make_proxy(name, self._ask)

    def _ask(self, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[bool, Any]:
        """Have the trusted side answer a call, within the reply that is due."""
        body = messages.body_of((list(args), kwargs), (name,), self._sizes)
        self._connection.send(messages.CALLBACK, self._position, self._nonce, body)
        well, answer = decode_request(self._connection.receive().body)
        return well, answer

    def _function(self, name: str) -> Any:
        try:
            return self._functions[name]
        except KeyError:
            raise NoValueError(f"{name} isn't defined") from None
