"""Outlay's guard inside a Python agent: its switches, budgets and limits, and what it spent, told to Outlay.

One file, Python 3.9 and later, standard library only; copy it beside your code or put it on the path.

    from outlay import Outlay, AgentHalted
    outlay = Outlay(agent="planner")                       # OUTLAY_URL, OUTLAY_API_KEY
    with outlay.run(task="t-1", user="u-1", limits={"tokens": 200_000}) as run:
        while run.can_continue():
            answer = outlay.guard_llm(lambda: client.chat.completions.create(model="gpt-5", messages=messages),
                                      provider="openai", model="gpt-5")

Two errors of its own ever reach the caller: `AgentHalted`, and `ValueError` for a wrong option. The words are those of
Outlay's contract; docs/python.md says what it does while Outlay is away.
"""
import asyncio
import atexit
import contextlib
import contextvars
import functools
import http.client
import inspect
import json
import os
import random
import secrets
import threading
import time
import urllib.parse
import uuid
import weakref
from collections import deque
from datetime import datetime, timezone
from decimal import Decimal

__all__ = ["AgentHalted", "Call", "Outlay", "Run"]

TAGS = ("agent", "task", "task_type", "feature", "user", "session")
TIERS = ("standard", "batch", "flex", "priority", "fast", "default", "auto", "on_demand")
LIMITS = ("tokens", "tool_calls", "seconds", "usd")
MAX_QUEUED, MAX_QUEUED_BYTES, MAX_BATCH = 10_000, 16 * 1024 * 1024, 100
BEAT_SECONDS, STREAM_SILENCE_SECONDS, HOLD_SECONDS, PRICE_SECONDS = 5.0, 40.0, 300, 300.0
_run = contextvars.ContextVar("outlay_run", default=None)


class AgentHalted(Exception):
    """The call was not made, or its stream was stopped.

    `code`: `kill_switch`, `missing_tags`, `limit_reached` (of the run), `hold_ended`, `unreachable`, or a reservation's reason
    (`budget_exceeded`, `budget_locked`, `no_price`, `no_output_cap`, `rate_limited`, …). `by` and `at`: who engaged the
    switch, when. `until`: when it ends by itself (RFC 3339). `retry_after_ms`: with `rate_limited`.
    """

    def __init__(self, code, reason, by=None, at=None, until=None, retry_after_ms=None):
        super().__init__(f"{code}: {reason}")
        self.code, self.reason, self.by, self.at, self.until = code, reason, by, at, until
        self.retry_after_ms = retry_after_ms


class Call:
    """What a guarded function gets if it takes an argument.

    `model` is the one to call (another one where a budget reroutes), `headers` carry `traceparent`, `halted()` says
    whether a long call should stop, `report_cost(usd)` tells what a tool did cost (a decimal string).
    """

    def __init__(self, kind, tags, model, provider, run):
        self.kind, self.tags, self.model, self.provider, self.run = kind, tags, model, provider, run
        self.trace_id = run.trace_id if run else secrets.token_hex(16)
        self.span_id, self.parent_span_id = secrets.token_hex(8), run.span_id if run else None
        self.reservation_id, self.renew_at, self.fault, self.cost_usd = None, None, None, None
        self.asked_model, self.fields, self.estimated_usage, self.input = model, {}, None, None
        self.started, self.timestamp, self.first, self.is_begun = time.monotonic(), _now(), None, False
        self._guard, self.is_cost_known = None, False

    @property
    def headers(self):
        return {"traceparent": f"00-{self.trace_id}-{self.span_id}-01"}

    def halted(self):
        """The `AgentHalted` that stops this call by now, or None."""
        return self.fault or (self._guard._find_switch(self) if self._guard else None)

    def report_cost(self, usd):
        self.cost_usd, self.is_cost_known = str(usd), True


class Run:
    """A piece of an agent's work: tags, a place in the trace and limits. Made by `Outlay.run`; nests."""

    def __init__(self, guard, tags, limits, reserve, traceparent):
        self._guard, self.parent, self.tags = guard, _run.get(), tags
        self.trace_id, self.parent_span_id = _read_traceparent(traceparent)
        if self.trace_id is None:
            self.trace_id = self.parent.trace_id if self.parent else secrets.token_hex(16)
            self.parent_span_id = self.parent.span_id if self.parent else None
        self.span_id = secrets.token_hex(8)
        self.limits, self.reserve = dict(limits or {}), reserve
        unknown = [name for name in self.limits if name not in LIMITS]
        if unknown:
            raise ValueError(f"limits are {', '.join(LIMITS)}, not {', '.join(unknown)}")
        if "usd" in self.limits:
            self.limits["usd"] = _read_usd(self.limits["usd"])
        if not 0 <= reserve < 1:
            raise ValueError("reserve is a share of the limits: 0 or more and below 1")
        self.used = {"tokens": 0, "tool_calls": 0, "calls": 0, "usd": Decimal(0)}
        self.unpriced_calls, self.unpriced_model = 0, None
        self.unknown_calls, self._is_final, self._lock = 0, False, threading.Lock()
        self._started, self._timestamp, self._tokens = time.monotonic(), _now(), []

    @property
    def headers(self):
        """W3C `traceparent`, so that what is called belongs to the same tree."""
        return {"traceparent": f"00-{self.trace_id}-{self.span_id}-01"}

    def can_continue(self):
        """False once only the reserve of a limit is left, or a switch stops this agent."""
        return self._guard._explain_stop(self) is None

    def why_not(self):
        """The `AgentHalted` that the next call would get, or None; budgets are only known at the call."""
        return self._guard._explain_stop(self)

    @contextlib.contextmanager
    def final(self):
        """Inside, calls may use the reserve: to return what there is."""
        self._is_final = True
        try:
            yield self
        finally:
            self._is_final = False

    def summary(self):
        """What was used so far. `unknown_calls`: those whose tokens nobody said, which `tokens` leaves out. `usd`: at most
        so much, a decimal string; None where it is not known: dollars are counted where a run around has such a limit."""
        seconds = round(time.monotonic() - self._started, 3)
        limits = {name: _usd_text(limit) if name == "usd" else limit for name, limit in self.limits.items()}
        is_known = self._has_usd_limit() and not self.unknown_calls and not self.unpriced_calls
        return {**self.used, "usd": _usd_text(self.used["usd"]) if is_known else None, "seconds": seconds,
                "unknown_calls": self.unknown_calls, "limits": limits}

    def _has_usd_limit(self):
        return any("usd" in run.limits for run in _line_of(self))

    def _find_limit(self, kind):
        seconds = time.monotonic() - self._started
        for run in _line_of(self):
            share = 1 if self._is_final else 1 - run.reserve
            for name, limit in run.limits.items():
                if name == "tool_calls" and kind != "tool":
                    continue
                used = seconds if run is self and name == "seconds" else run._amount(name)
                if name == "usd" and run.unpriced_model is not None:
                    return AgentHalted("no_price", f"the run has a limit in dollars, and {run.unpriced_model} has no price")
                if used >= (limit * Decimal(str(share)) if name == "usd" else limit * share):
                    return AgentHalted("limit_reached", f"the run's limit of {limit} {name} is used up ({used:g})")
        return None

    def _amount(self, name):
        return time.monotonic() - self._started if name == "seconds" else self.used[name]

    def _count(self, kind, tokens, usd, unpriced_model=None):
        """@param usd None: not known @param unpriced_model: its name, where it has no price at all"""
        for run in _line_of(self):
            with run._lock:
                run.used["usd"] += usd or 0
                run.unpriced_calls += 1 if usd is None and tokens is not None else 0
                run.unpriced_model = run.unpriced_model or unpriced_model
                run.used["tool_calls" if kind == "tool" else "calls"] += 1
                run.used["tokens"] += tokens or 0
                run.unknown_calls += 1 if kind == "llm" and tokens is None else 0

    def __enter__(self):
        self._tokens.append(_run.set(self))
        return self

    def __exit__(self, error_type, error, _trace):
        with contextlib.suppress(ValueError):  # closed in another context, as generators do
            _run.reset(self._tokens.pop())
        self._guard._quietly(self._guard._record_run, self, error)

    async def __aenter__(self):
        return self.__enter__()

    async def __aexit__(self, *given):
        self.__exit__(*given)


class Outlay:
    """The guard. Safe in threads and asyncio; a forked child begins anew at its first call.

    `fail_mode` (`open` or `closed`) is what to do while Outlay is out of reach; None: as the project's policy says,
    open before one was ever heard. The last policy stands for `policy_max_age_seconds` after it was last confirmed.
    """

    def __init__(self, url=None, api_key=None, agent=None, *, fail_mode=None, policy_max_age_seconds=60.0,
                 timeout_seconds=5.0):
        self._url = urllib.parse.urlsplit(url or os.environ.get("OUTLAY_URL") or "")
        self._key = api_key or os.environ.get("OUTLAY_API_KEY") or ""
        if self._url.scheme not in ("http", "https") or not self._url.hostname:
            raise ValueError("url (or OUTLAY_URL) must be Outlay's address, such as http://127.0.0.1:3000")
        if not self._key:
            raise ValueError("api_key (or OUTLAY_API_KEY) must be a key with the scopes ingest and guard")
        if fail_mode not in (None, "open", "closed"):
            raise ValueError("fail_mode is open or closed")
        self.agent, self._fail_mode, self._timeout = _text(agent), fail_mode, timeout_seconds
        self._max_age = policy_max_age_seconds
        self._begin()
        _guards.add(self)
        self._start()

    # ── what agents call

    def run(self, *, limits=None, reserve=0.0, traceparent=None, metadata=None, **tags):
        """`with outlay.run(agent=…, task=…, task_type=…, feature=…, user=…, session=…, limits=…) as run:`

        Tags that are left out are those of the run around it. `limits`: `tokens`, `tool_calls`, `seconds`, `usd` (a decimal
        string); `reserve`: the share of them that is kept for `run.final()`. `traceparent`: the header of who called. Also `async with`.
        """
        return Run(self, self._tags_of(tags, metadata), limits, reserve, traceparent)

    def bind(self, fn):
        """The function with today's run, for another thread: threads start without their maker's context."""
        context = contextvars.copy_context()
        return lambda *args, **named: context.copy().run(fn, *args, **named)

    def guard_llm(self, fn, *, provider=None, model, estimated_usage=None, input=None, **tags):
        """Checks, calls `fn()` (or `fn(call)`), reads what it used and records it; gives back what `fn` does.

        A stream comes back as an iterator over the same chunks. `estimated_usage`: the most that it will use
        (`input_tokens`, `max_output_tokens`, …), which strict budgets hold. `input`: the request, by whose length a cut
        stream is estimated. Other names: the tags, `metadata`, `name`, `attempt`, `service_tier`, `provider_account`.
        @raises AgentHalted, or what `fn` raises
        """
        call = self._make("llm", provider, model, estimated_usage, input, tags)
        self._before(call)
        with self._around(call):
            return self._after(call, _invoke(fn, call, self))

    def guard_tool(self, name, fn, *, estimated_cost_usd=None, **tags):
        """Checks, executes `fn()` (or `fn(call)`) and records it as the tool `name`."""
        call = self._make_tool(name, estimated_cost_usd, tags)
        self._before(call)
        with self._around(call):
            return self._after(call, _invoke(fn, call, self))

    async def aguard_llm(self, fn, *, provider=None, model, estimated_usage=None, input=None, **tags):
        """`guard_llm` for a coroutine function; an asynchronous stream comes back as one."""
        call = self._make("llm", provider, model, estimated_usage, input, tags)
        return await self._acall(fn, call)

    async def aguard_tool(self, name, fn, *, estimated_cost_usd=None, **tags):
        """`guard_tool` for a coroutine function."""
        return await self._acall(fn, self._make_tool(name, estimated_cost_usd, tags))

    def llm(self, **options):
        """Decorator: every call of the function is a guarded LLM call."""
        return self._decorate(lambda fn: self.guard_llm(fn, **options), lambda fn: self.aguard_llm(fn, **options))

    def tool(self, name, **options):
        """Decorator: every call of the function is a guarded execution of the tool `name`."""
        return self._decorate(
            lambda fn: self.guard_tool(name, fn, **options), lambda fn: self.aguard_tool(name, fn, **options))

    def outcome(self, status, *, task=None, id=None, value_usd=None):
        """How the task ended: `success` or `failure`."""
        tags = self._tags_of({"task": task} if task else {}, None)
        outcome = {"id": id or uuid.uuid4().hex, "status": status, "timestamp": _now(), "value_usd": value_usd,
                   **{name: tags.get(name) for name in ("task", "task_type", "session", "feature")}}
        self._quietly(self._queue_item, "/v1/outcomes", _without_none(outcome))

    def status(self):
        """Whether Outlay is heard, and what was lost: `state` is `live`, `polling`, `stale`, `failed_open`,
        `failed_closed` or `starting`."""
        with self._lock:
            return {"state": self._state(), "policy_version": (self._policy or {}).get("version"),
                    "queued": len(self._queue) + len(self._in_flight), **self._counts, "last_error": self._last_error}

    def flush(self, timeout_seconds=10.0):
        """Waits until everything queued is sent; says whether it is."""
        until = time.monotonic() + timeout_seconds
        with self._wake:
            self._is_hurried = True
            self._wake.notify_all()
            while (self._queue or self._in_flight) and time.monotonic() < until:
                self._wake.wait(0.05)
            self._is_hurried = False
            return not self._queue and not self._in_flight

    def close(self, timeout_seconds=5.0):
        """Sends what is queued and says that this process ends. Called at exit, too."""
        if self._is_closed or self._pid != os.getpid():
            return
        self._quietly(self.flush, timeout_seconds)
        self._is_closed = True
        self._beat_now.set()
        with self._wake:
            self._wake.notify_all()
        for agent in list(self._agents):
            self._quietly(self._beat, agent, "ended")

    # ── state and threads

    def _begin(self):
        """Everything that a process has for itself; again after a fork."""
        self._pid, self.instance_id = os.getpid(), uuid.uuid4().hex
        self._lock = threading.RLock()
        self._wake, self._policy_heard = threading.Condition(self._lock), threading.Event()
        self._beat_now, self._local = threading.Event(), threading.local()
        self._policy, self._etag, self._confirmed, self._is_streaming = None, None, None, False
        self._queue, self._in_flight, self._queued_bytes, self._sequence = deque(), [], 0, 0
        self._active, self._agents, self._told = set(), {self.agent: time.monotonic()}, {}
        self._prices = {}
        self._counts = {"sent": 0, "dropped": 0, "rejected": 0, "let_through": 0, "faults": 0}
        self._last_error, self._threads, self._is_closed, self._is_hurried = None, [], False, False

    def _start(self):
        if self._threads or self._is_closed:
            return
        with self._lock:
            if self._threads:
                return
            loops = (self._follow_forever, self._poll_forever, self._send_forever, self._beat_forever)
            self._threads = [threading.Thread(target=loop, daemon=True, name="outlay") for loop in loops]
        for thread in self._threads:
            thread.start()

    def _quietly(self, fn, *args):
        """Our own faults are counted and never raised into the caller."""
        try:
            return fn(*args)
        except AgentHalted:
            raise
        except Exception as error:  # noqa: BLE001
            self._counts["faults"] += 1
            self._last_error = f"{type(error).__name__}: {error}"
            return None

    def _state(self):
        if self._policy is None and self._confirmed is None and not self._policy_heard.is_set():
            return "starting" if not self._last_error else f"failed_{self._mode()}"
        age = time.monotonic() - (self._confirmed or float("-inf"))
        if age > self._max_age:
            return f"failed_{self._mode()}"
        return "stale" if age > 15 else "live" if self._is_streaming else "polling"

    def _mode(self):
        return self._fail_mode or (self._policy or {}).get("fail_mode") or "open"

    # ── HTTP

    def _request(self, method, path, body=None, headers=None, timeout=None):
        """(status, headers, parsed body). One connection a thread, opened again once: every request may be repeated."""
        for attempt in (0, 1):
            connection = getattr(self._local, "connection", None)
            is_new = connection is None
            try:
                if is_new:
                    connection = self._local.connection = self._connect(timeout or self._timeout)
                response = self._send(connection, method, path, body, headers)
                text = response.read()
                return response.status, response.headers, json.loads(text) if text else None
            except (OSError, http.client.HTTPException, ValueError):
                self._local.connection = None
                if connection is not None:
                    connection.close()
                if is_new or attempt:
                    raise
        raise OSError("not reached")

    def _connect(self, timeout):
        kind = http.client.HTTPSConnection if self._url.scheme == "https" else http.client.HTTPConnection
        return kind(self._url.hostname, self._url.port, timeout=timeout)

    def _send(self, connection, method, path, body, headers=None):
        given = {"Authorization": f"Bearer {self._key}", "Accept": "application/json", **(headers or {})}
        data = None if body is None else json.dumps(body, default=str).encode("utf-8", "replace")
        if data is not None:
            given["Content-Type"] = "application/json"
        connection.request(method, self._url.path.rstrip("/") + path, data, given)
        return connection.getresponse()

    # ── the policy

    def _poll_forever(self):
        while not self._is_closed:
            self._quietly(self._poll)
            ttl = (self._policy or {}).get("ttl_seconds") or 5
            time.sleep(ttl if self._policy_heard.is_set() else random.uniform(0.2, 1))

    def _poll(self):
        headers = {"If-None-Match": self._etag} if self._etag else {}
        status, answered, policy = self._request("GET", "/v1/policy", headers=headers)
        if status == 304:
            self._confirmed = time.monotonic()
        elif status == 200:
            self._take_policy(policy, answered.get("ETag"))
        else:
            raise OSError(f"GET /v1/policy answered {status}: {(policy or {}).get('detail')}")

    def _follow_forever(self):
        while not self._is_closed:
            self._quietly(self._follow)
            self._is_streaming = False
            time.sleep(random.uniform(0.1, 1))

    def _follow(self):
        connection = self._connect(STREAM_SILENCE_SECONDS)
        try:
            response = self._send(connection, "GET", "/v1/policy/stream", None, {"Accept": "text/event-stream"})
            if response.status != 200:
                raise OSError(f"GET /v1/policy/stream answered {response.status}")
            event, data = "", []
            while not self._is_closed:
                line = response.readline()
                if not line:
                    return
                # A comment too says that who would tell of a switch is there.
                if self._policy:
                    self._confirmed = time.monotonic()
                field, _, value = line.decode("utf-8", "replace").rstrip("\r\n").partition(":")
                value = value[1:] if value.startswith(" ") else value
                if field == "event":
                    event = value
                elif field == "data":
                    data.append(value)
                elif not field and not value:
                    if event == "policy" and data:
                        self._is_streaming = True
                        self._take_policy(json.loads("\n".join(data)), None)
                    if event == "bye":
                        return
                    event, data = "", []
        finally:
            connection.close()

    def _take_policy(self, policy, etag):
        with self._lock:
            known, now = self._policy, time.monotonic()
            # A process that lags behind another one must not release a switch; one restored from a backup may, in a while.
            if known and policy["version"] < known["version"] and now - (self._confirmed or 0) < 15:
                return
            self._policy, self._confirmed = policy, now
            self._etag = etag or self._etag
        self._policy_heard.set()
        self._beat_now.set()

    # ── before a call

    def _make(self, kind, provider, model, estimated_usage, given, tags):
        metadata, extra = tags.pop("metadata", None), {}
        for name in ("name", "attempt", "service_tier", "inference_geo", "provider_account", "routing", "cache"):
            if name in tags:
                extra[name] = tags.pop(name)
        call = Call(kind, self._tags_of(tags, metadata), _text(model), provider, _run.get())
        call.fields, call.estimated_usage, call.input, call._guard = extra, estimated_usage, given, self
        return call

    def _make_tool(self, name, estimated_cost_usd, tags):
        call = self._make("tool", None, tags.pop("model", None), None, None, {**tags, "name": _text(name)})
        call.cost_usd = None if estimated_cost_usd is None else str(estimated_cost_usd)
        return call

    def _tags_of(self, given, metadata):
        unknown = [name for name in given if name not in TAGS]
        if unknown:
            raise ValueError(f"unknown: {', '.join(unknown)}; tags are {', '.join(TAGS)}")
        run = _run.get()
        tags = dict(run.tags) if run else {"agent": self.agent}
        tags.update({name: _text(value) for name, value in given.items() if value is not None})
        if metadata:
            free = {str(name): str(value) for name, value in metadata.items()}
            tags["metadata"] = {**(tags.get("metadata") or {}), **free}
        return tags

    def _before(self, call):
        if self._pid != os.getpid():
            self._begin()
        self._start()
        halt = None
        try:
            if not self._policy_heard.is_set():
                self._policy_heard.wait(min(2.0, self._timeout))
            halt = self._find_switch(call) or self._find_missing(call)
            if not halt and call.run and call.kind == "llm" and call.run._has_usd_limit():
                self._load_prices(call.provider, call.model)
            halt = halt or (call.run._find_limit(call.kind) if call.run else None)
            halt = halt or self._check_budgets(call)
        except Exception as error:  # noqa: BLE001
            self._counts["faults"] += 1
            self._last_error = f"{type(error).__name__}: {error}"
            halt = self._find_unreachable("the guard failed")
        with self._lock:
            agent = call.tags.get("agent")
            if agent not in self._agents:
                self._beat_now.set()
            self._agents[agent] = time.monotonic()
            # A switch may have fallen while a reservation was asked for.
            halt = halt or self._find_switch(call)
            if halt is None:
                self._active.add(call)
        if halt:
            if call.reservation_id:
                self._release(call)
            raise halt

    def _find_switch(self, call):
        values = {**call.tags, "model": call.model}
        for switch in (self._policy or {}).get("kill_switches", ()):
            scope = switch["scope"]
            # The server told only switches of this project; a scope that is not known stops what it can reach.
            if scope in (*TAGS, "model") and (values.get(scope) or None) != (switch["value"] or None):
                continue
            if self._has_ended(switch):
                continue
            whose = scope if switch["value"] is None else f"{scope} {switch['value']}"
            return AgentHalted("kill_switch", f"the kill switch of {whose} is engaged: {switch['reason']}",
                               switch["engaged_by"], switch["engaged_at"], switch["until"])
        return None

    def _has_ended(self, switch):
        """While the server is heard, it says when a switch ends; else this machine's clock does."""
        if not switch["until"] or time.monotonic() - (self._confirmed or 0) < 15:
            return False
        return _parse(switch["until"]) <= time.time()

    def _find_missing(self, call):
        values = {**call.tags, "model": call.model}
        missing = [name for name in (self._policy or {}).get("required_tags", ()) if not values.get(name)]
        return AgentHalted("missing_tags", f"this project requires {', '.join(missing)}") if missing else None

    def _explain_stop(self, run):
        probe = Call("llm", run.tags, None, None, run)
        return self._find_switch(probe) or run._find_limit("llm") or run._find_limit("tool")

    def _check_budgets(self, call):
        policy = self._policy
        if policy is None or time.monotonic() - (self._confirmed or 0) > self._max_age:
            return self._find_unreachable("no policy is known that is fresh enough")
        must_ask, refusal = bool(policy.get("not_asked")), None
        for budget in policy["budgets"]:
            if budget["mode"] == "observe":
                continue
            if budget["state"] == "locked" and not _is_over(budget):
                return AgentHalted("budget_locked", f"the budget {budget['name']} is locked", until=budget["resets_at"])
            action = _passed_action(budget, call.kind)
            if action in ("block", "lockout"):
                refusal = AgentHalted("budget_exceeded", f"the budget {budget['name']} is spent", until=budget["resets_at"])
                # Without thresholds it may be one that an admin opened: the server knows.
                if budget["thresholds"] and budget["mode"] != "strict":
                    return refusal
            is_unknown = budget["spent"] is None or budget["window"] == "request" or _is_over(budget)
            must_ask = must_ask or is_unknown or action is not None or budget["mode"] == "strict"
        return self._reserve(call, refusal) if must_ask else None

    def _reserve(self, call, refusal):
        call.reservation_id = uuid.uuid4().hex
        wish = {"id": call.reservation_id, "type": call.kind, "provider": call.provider, "model": call.model,
                "trace_id": call.trace_id, "estimated_usage": call.estimated_usage, "ttl_seconds": HOLD_SECONDS,
                "estimated_cost_usd": call.cost_usd, "service_tier": call.fields.get("service_tier"),
                **{name: call.tags.get(name) for name in TAGS}}
        try:
            status, _, answer = self._request("POST", "/v1/reservations", _without_none(wish))
            if status != 200:
                raise OSError(f"POST /v1/reservations answered {status}: {(answer or {}).get('detail')}")
        except (OSError, http.client.HTTPException, ValueError) as error:
            self._last_error = str(error)
            return refusal or self._find_unreachable(f"the reservation failed: {error}")
        if answer["decision"] == "block":
            call.reservation_id = None
            first = answer["reasons"][0]
            reason = "; ".join(one["message"] for one in answer["reasons"])
            return AgentHalted(first["code"], reason, retry_after_ms=answer.get("retry_after_ms"))
        call.reservation_id = answer["reservation_id"]
        if call.reservation_id:
            call.renew_at = time.monotonic() + HOLD_SECONDS / 2
        call.model = answer.get("model") or call.model
        return None

    def _load_prices(self, provider, model):
        """Asks what a model costs where that is not known: a limit in dollars counts by it."""
        known, asked = self._prices.get((provider, model), (..., float("-inf")))
        if time.monotonic() - asked < (10.0 if known is ... else PRICE_SECONDS):
            return known
        prices = ...
        try:
            query = urllib.parse.urlencode(_without_none({"provider": provider, "model": model}))
            status, _, answer = self._request("GET", f"/v1/prices?{query}", timeout=2)
            if status == 200:
                prices = (answer or {}).get("prices")
        except (OSError, http.client.HTTPException, ValueError) as error:
            self._last_error = str(error)
        with self._lock:
            if len(self._prices) > 500:
                self._prices.clear()
            self._prices[(provider, model)] = (known if prices is ... else prices, time.monotonic())
        return self._prices[(provider, model)][0]

    def _price(self, call, reader):
        """(dollars at most, model that has no price); (None, None): not known."""
        if call.kind == "tool":
            return (self._quietly(_read_usd, call.cost_usd) if call.is_cost_known else Decimal(0)), None
        counts = reader.counts if reader else None
        if counts is None or not call.run or not call.run._has_usd_limit():
            return None, None
        prices = None
        # A dated name may not be known by itself, and one that was asked for not by its provider's name for it.
        for model in (call.model, reader.model):
            prices = prices or (self._load_prices(call.provider, str(model)) if model else None)
            if prices is ...:
                return None, None
        usd = _cost_of(counts, prices) if prices else None
        return usd, (str(call.model) if usd is None else None)

    def _find_unreachable(self, why):
        if self._mode() == "closed":
            return AgentHalted("unreachable", f"{why}; this project's calls fail closed")
        self._counts["let_through"] += 1
        return None

    def _release(self, call):
        """What was never called gives its hold back, in the background."""
        self._queue_item(f"/v1/reservations/{urllib.parse.quote(call.reservation_id, safe='')}", None)

    # ── the call and what it used

    @contextlib.contextmanager
    def _around(self, call):
        try:
            yield
        except BaseException as error:
            if call.is_begun:
                self._finish(call, None, error)
            else:
                self._retire(call)
                if call.reservation_id:
                    self._quietly(self._release, call)
            raise

    async def _acall(self, fn, call):
        # The reservation is a request: off the loop.
        await asyncio.get_running_loop().run_in_executor(None, self._before, call)
        with self._around(call):
            result = _invoke(fn, call, self)
            if inspect.isawaitable(result):
                result = await result
            return self._after(call, result)

    def _decorate(self, guarded, aguarded):
        def decorate(fn):
            if inspect.iscoroutinefunction(fn):
                async def wrapped(*args, **named):
                    return await aguarded(lambda: fn(*args, **named))
            else:
                def wrapped(*args, **named):
                    return guarded(lambda: fn(*args, **named))
            return functools.wraps(fn)(wrapped)
        return decorate

    def _after(self, call, result):
        if call.kind == "llm" and hasattr(result, "__aiter__"):
            return _AsyncTap(self, call, result)
        if call.kind == "llm" and hasattr(result, "__next__"):
            return _Tap(self, call, result)
        reader = _Reader()
        if call.kind == "llm":
            self._quietly(reader.read, result)
        self._finish(call, reader, None)
        return result

    def _retire(self, call):
        with self._lock:
            self._active.discard(call)
        self._beat_now.set()

    def _finish(self, call, reader, error, is_cut=False):
        self._retire(call)
        self._quietly(self._record, call, reader, error, is_cut)

    def _record(self, call, reader, error, is_cut):
        event = {"type": call.kind, "provider": call.provider, "model": call.model, "cost_usd": call.cost_usd,
                 **call.tags, **call.fields, "reservation_id": call.reservation_id, "trace_id": call.trace_id,
                 "span_id": call.span_id, "parent_span_id": call.parent_span_id, "timestamp": call.timestamp,
                 "duration_ms": _ms(call.started), "status": "error" if error else "ok"}
        if call.cost_usd is not None and not call.is_cost_known:
            event["usage_source"] = "estimated"
        if call.asked_model != call.model:
            event["requested_model"] = call.asked_model
        if error:
            event["error_type"] = _error_type(error)
        elif is_cut:
            event.update(status="error", error_type="cancelled")
        if call.first is not None:
            event["time_to_first_token_ms"] = round((call.first - call.started) * 1000, 3)
        tokens = 0 if call.kind == "tool" else None
        if reader:
            tokens = reader.describe(event, call, is_cut or error is not None)
        if call.run:
            usd, unpriced = self._price(call, reader)
            call.run._count(call.kind, tokens, usd, unpriced)
        self._queue_event(event)

    def _record_run(self, run, error):
        self._queue_event({**run.tags, "type": "agent", "name": run.tags.get("agent"), "timestamp": run._timestamp,
                           "trace_id": run.trace_id, "span_id": run.span_id, "parent_span_id": run.parent_span_id,
                           "duration_ms": _ms(run._started), "status": "error" if error else "ok",
                           "error_type": _error_type(error) if error else None})

    # ── sending

    def _queue_event(self, event):
        self._queue_item("/v1/events", {"id": uuid.uuid4().hex, **_without_none(event), "source": self.instance_id})

    def _queue_item(self, path, item):
        self._start()
        with self._wake:
            if path == "/v1/events":
                # Taken also by what is dropped, so that Integrity shows the gap.
                self._sequence += 1
                item["sequence"] = self._sequence
            size = len(json.dumps(item, default=str))
            if len(self._queue) >= MAX_QUEUED or self._queued_bytes + size > MAX_QUEUED_BYTES:
                self._counts["dropped"] += 1
                return
            self._queue.append((path, item, size))
            self._queued_bytes += size
            self._wake.notify_all()

    def _send_forever(self):
        wait = 0.2
        while not self._is_closed:
            batch = self._take_batch()
            if not batch:
                continue
            wait = self._send_batch(batch, wait)

    def _take_batch(self):
        with self._wake:
            if not self._queue:
                self._wake.wait(1)
            if self._queue and len(self._queue) < MAX_BATCH and not self._is_hurried:
                self._wake.wait_for(lambda: len(self._queue) >= MAX_BATCH or self._is_hurried, 0.2)
            while self._queue and len(self._in_flight) < MAX_BATCH:
                path = self._in_flight[0][0] if self._in_flight else self._queue[0][0]
                if self._queue[0][0] != path or (self._in_flight and not path.endswith(("/events", "/outcomes"))):
                    break
                self._in_flight.append(self._queue.popleft())
            return list(self._in_flight)

    def _send_batch(self, batch, wait):
        """Sends until it is answered for good. @returns the next wait after a failure, in seconds"""
        while not self._is_closed:
            retry_after = 0.0
            try:
                status, headers, answer = self._post(batch)
                if status == 413 and len(batch) > 1:
                    middle = len(batch) // 2
                    self._send_batch(batch[:middle], wait)
                    batch = batch[middle:]
                    continue
                if status < 500 and status not in (408, 429):
                    self._settle(batch, status, answer)
                    return 0.2
                retry_after = _seconds(headers.get("Retry-After"))
                self._last_error = f"{batch[0][0]} answered {status}"
            except Exception as error:  # noqa: BLE001
                self._last_error = f"{type(error).__name__}: {error}"
            time.sleep(max(retry_after, wait * random.uniform(0.5, 1)))
            wait = min(wait * 2, 30)
        return wait

    def _post(self, batch):
        path = batch[0][0]
        if batch[0][1] is None:
            return self._request("DELETE", path)
        return self._request("POST", path, {path.rsplit("/", 1)[1]: [item for _, item, _ in batch]})

    def _settle(self, batch, status, answer):
        rejected = len((answer or {}).get("rejected") or ()) if status == 202 else 0 if status < 300 else len(batch)
        if rejected and batch[0][1] is not None:
            self._last_error = f"{batch[0][0]} answered {status}: {json.dumps(answer)[:500]}"
        with self._wake:
            self._counts["rejected"] += rejected if batch[0][1] is not None else 0
            self._counts["sent"] += len(batch) - rejected
            self._in_flight = [one for one in self._in_flight if not any(one is sent for sent in batch)]
            self._queued_bytes -= sum(size for _, _, size in batch)
            self._wake.notify_all()

    # ── heartbeats, and holds of long calls

    def _beat_forever(self):
        due = 0.0
        while not self._is_closed:
            self._beat_now.wait(max(0.0, min(1.0, due - time.monotonic())))
            if self._is_closed:
                return
            self._beat_now.clear()
            is_due = time.monotonic() >= due
            if is_due:
                due = time.monotonic() + BEAT_SECONDS
            self._quietly(self._renew_holds)
            for agent, seen in list(self._agents.items()):
                if agent != self.agent and time.monotonic() - seen > 600:
                    self._agents.pop(agent, None)
                elif self._policy and (is_due or self._told.get(agent) != self._standing(agent)):
                    self._quietly(self._beat, agent, None)

    def _standing(self, agent):
        """The version that is obeyed and whether the agent is halted: only once none of its calls is under way."""
        with self._lock:
            is_stopped = self._policy and self._find_switch(Call("agent", {"agent": agent}, None, None, None))
            switches = (self._policy or {}).get("kill_switches", ())
            whole = any(one["scope"] in ("global", "project", "agent") for one in switches)
            is_busy = any(call.tags.get("agent") == agent for call in self._active)
            state = "halted" if is_stopped and whole and not is_busy else "running"
            return (self._policy or {}).get("version", 0), state

    def _beat(self, agent, state):
        version, standing = self._standing(agent)
        body = {"instance_id": self.instance_id, "agent": agent, "policy_version": version, "state": state or standing}
        status, _, answer = self._request("POST", "/v1/agents/heartbeat", body, timeout=3)
        if status != 200:
            raise OSError(f"POST /v1/agents/heartbeat answered {status}: {(answer or {}).get('detail')}")
        self._told[agent] = (version, standing)

    def _renew_holds(self):
        now = time.monotonic()
        for call in list(self._active):
            if not call.renew_at or call.renew_at > now:
                continue
            call.renew_at = now + BEAT_SECONDS
            path = f"/v1/reservations/{urllib.parse.quote(call.reservation_id, safe='')}/renew"
            status, _, answer = self._request("POST", path, {"ttl_seconds": HOLD_SECONDS})
            if status == 200:
                call.renew_at = now + HOLD_SECONDS / 2
            elif status in (404, 409):
                call.fault = AgentHalted("hold_ended", (answer or {}).get("detail") or "nothing is held for it any more")


class _Tap:
    """A stream that is read on: the same chunks, and attributes of the caller's own."""

    def __init__(self, guard, call, source):
        self._guard, self._call, self._source, self._reader, self._is_over = guard, call, source, _Reader(), False

    def __getattr__(self, name):
        return getattr(self._source, name)

    def _take(self, chunk):
        self._call.first = self._call.first or time.monotonic()
        self._guard._quietly(self._reader.read_chunk, chunk)
        return chunk

    def _end(self, error=None, is_cut=False):
        if not self._is_over:
            self._is_over = True
            self._guard._finish(self._call, self._reader, error, is_cut)

    def __iter__(self):
        return self

    def __next__(self):
        halt = None if self._is_over else self._call.halted()
        if halt:
            self.close()
            raise halt
        try:
            return self._take(next(self._source))
        except StopIteration:
            self._end()
            raise
        except BaseException as error:
            self._end(error)
            raise

    def close(self):
        self._end(is_cut=True)
        close = getattr(self._source, "close", None)
        return close() if close else None

    def __enter__(self):
        return self

    def __exit__(self, *_given):
        self.close()

    def __del__(self):
        with contextlib.suppress(Exception):
            self._end(is_cut=True)


class _AsyncTap(_Tap):
    def __iter__(self):
        raise TypeError("an asynchronous stream: async for")

    def __aiter__(self):
        self._source = self._source.__aiter__() if not hasattr(self._source, "__anext__") else self._source
        return self

    async def __anext__(self):
        halt = None if self._is_over else self._call.halted()
        if halt:
            await self.close()
            raise halt
        try:
            return self._take(await self._source.__anext__())
        except StopAsyncIteration:
            self._end()
            raise
        except BaseException as error:
            self._end(error)
            raise

    async def close(self):
        self._end(is_cut=True)
        close = getattr(self._source, "aclose", None) or getattr(self._source, "close", None)
        closing = close() if close else None
        return await closing if inspect.isawaitable(closing) else closing

    aclose = close

    async def __aenter__(self):
        return self

    async def __aexit__(self, *_given):
        await self.close()


class _Reader:
    """What a provider's response, or its stream's chunks, say of the call."""

    def __init__(self):
        self.api, self.usage, self.model, self.tier, self.response_id, self.output_bytes = None, None, None, None, None, 0
        self.is_whole, self.counts = True, None

    def read(self, response):
        google = _get(response, "usage_metadata") or _get(response, "usageMetadata")
        usage = google or _get(response, "usage")
        self.model = _get(response, "model") or _get(response, "model_version") or _get(response, "modelVersion") or self.model
        self.response_id = _get(response, "id") or _get(response, "response_id") or self.response_id
        tier = _get(response, "service_tier")
        self.tier = tier if tier in TIERS else self.tier
        if usage is None:
            return
        body = _plain(usage)
        self.api = "google.generateContent" if google else _api_of(response, body)
        # Anthropic's stream tells its input at the start and its output at the end.
        self.usage = {**(self.usage or {}), **body} if self.api == "anthropic.messages" else body

    def read_chunk(self, chunk):
        kind = _get(chunk, "type")
        self.output_bytes += _text_bytes(chunk)
        if kind == "message_start":
            self.read(_get(chunk, "message"))
            self.is_whole = False
        elif kind == "message_delta":
            self.usage = {**(self.usage or {}), **_plain(_get(chunk, "usage") or {})}
            self.api, self.is_whole = "anthropic.messages", True
        elif isinstance(kind, str) and kind.startswith("response."):
            if _get(chunk, "response") is not None:
                self.read(_get(chunk, "response"))
        else:
            self.read(chunk)

    def describe(self, event, call, is_cut):
        """Fills the event. @returns all tokens, None where nobody knows"""
        if self.model:
            event["requested_model"] = event.get("requested_model") or call.asked_model
            event["model"] = str(self.model)
        if self.tier:
            event["service_tier"] = self.tier
        if self.response_id:
            event["metadata"] = {**(event.get("metadata") or {}), "response_id": str(self.response_id)}
        if self.usage and self.is_whole:
            event["raw_usage"] = {"api": self.api, "body": self.usage}
            if is_cut:
                # Google's chunks each say what was used so far.
                event["usage_source"] = "estimated"
            self.counts = _counts_of(self.api, self.usage)
            return _count_tokens(self.api, self.usage)
        if not self.output_bytes and not is_cut:
            return None
        usage = self._estimate(call)
        if usage:
            event.update(usage=usage, usage_source="estimated")
            self.counts = {"input": usage.get("input_tokens"), "output": usage.get("output_tokens"),
                           "read": usage.get("cache_read_tokens"), "write": usage.get("cache_write_5m_tokens")}
        return sum(usage.get(name, 0) for name in ("input_tokens", "output_tokens")) if usage else None

    def _estimate(self, call):
        """Three bytes a token: most models make four of English, and other scripts less."""
        usage = {"output_tokens": -(-self.output_bytes // 3)}
        if self.usage:
            read, wrote = (self.usage.get(name) or 0 for name in ("cache_read_input_tokens", "cache_creation_input_tokens"))
            usage.update(input_tokens=(self.usage.get("input_tokens") or 0) + read + wrote, cache_read_tokens=read,
                         cache_write_5m_tokens=wrote)
            return usage
        if call.input is not None:
            text = call.input if isinstance(call.input, str) else json.dumps(call.input, default=str, ensure_ascii=False)
            usage["input_tokens"] = -(-len(text.encode("utf-8", "replace")) // 3)
        elif (call.estimated_usage or {}).get("input_tokens") is not None:
            usage["input_tokens"] = call.estimated_usage["input_tokens"]
        return usage


def _api_of(response, body):
    kind = _get(response, "object")
    if kind == "response":
        return "openai.responses"
    if "prompt_tokens" in body or "total_tokens" in body:
        if "input_tokens" in body:
            return "openai.responses"
        is_embedding = kind == "list" or ("completion_tokens" not in body and kind is None)
        return "openai.embeddings" if is_embedding else "openai.chat_completions"
    return "openai.responses" if "input_tokens_details" in body else "anthropic.messages"


def _count_tokens(api, body):
    if api == "anthropic.messages":
        names = ("input_tokens", "cache_read_input_tokens", "cache_creation_input_tokens", "output_tokens")
    elif api == "google.generateContent":
        names = ("promptTokenCount", "toolUsePromptTokenCount", "candidatesTokenCount", "thoughtsTokenCount")
    else:
        names = ("prompt_tokens", "completion_tokens", "input_tokens", "output_tokens")
    found = [body[name] for name in names if isinstance(body.get(name), int)]
    return sum(found) if found else body.get("total_tokens")


def _counts_of(api, body):
    """What dollars are counted by; None: not known. `input` and `output` are ALL of their side."""
    def count(name, of=body):
        value = (of or {}).get(name)
        return value if isinstance(value, int) else None

    if api == "anthropic.messages":
        read, write, rest = count("cache_read_input_tokens"), count("cache_creation_input_tokens"), count("input_tokens")
        searches = count("web_search_requests", body.get("server_tool_use"))
        return {"input": None if rest is None else rest + (read or 0) + (write or 0), "output": count("output_tokens"),
                "read": read, "write": write, "searches": searches, "audio_in": 0, "audio_out": 0}
    if api == "google.generateContent":
        details = [body.get(f"{side}TokensDetails") for side in ("prompt", "candidates")]
        audio = [None if given is None else sum(one.get("tokenCount") or 0 for one in given if one.get("modality") == "AUDIO")
                 for given in details]
        prompt, answer = count("promptTokenCount"), (count("candidatesTokenCount"), count("thoughtsTokenCount"))
        return {"input": None if prompt is None else prompt + (count("toolUsePromptTokenCount") or 0),
                "output": None if answer == (None, None) else sum(one or 0 for one in answer),
                "read": count("cachedContentTokenCount"), "audio_in": audio[0], "audio_out": audio[1]}
    inside, outside = ("prompt", "completion") if "prompt_tokens" in body else ("input", "output")
    given, made = (body.get(f"{side}_tokens_details") for side in (inside, outside))
    prompt = count(f"{inside}_tokens")
    answer = 0 if api == "openai.embeddings" else count(f"{outside}_tokens")
    beside = count("reasoning_tokens", made) or 0
    # xAI counts reasoning beside the completion; only the total tells which of the two it is.
    if beside and answer is not None and count("total_tokens") == (prompt or 0) + answer + beside:
        answer += beside
    return {"input": count("total_tokens") if api == "openai.embeddings" and prompt is None else prompt, "output": answer,
            "read": count("cached_tokens", given), "audio_in": None if given is None else count("audio_tokens", given) or 0,
            "audio_out": None if made is None else count("audio_tokens", made) or 0}


def _cost_of(counts, prices):
    """Dollars at most, exact: what the response does not tell apart costs what is dearest. None: not known."""
    def price(*names, per=1_000_000):
        known = [Decimal(prices[name]) / per for name in names if prices.get(name) is not None]
        return max(known) if known else None

    def side(tokens, audio, plain, dear):
        dearer = dear if plain is not None and dear is not None and dear > plain else plain
        dear_tokens = min(tokens if audio is None else audio, tokens)
        return [(dear_tokens, dearer), (tokens - dear_tokens, plain)]

    if counts["input"] is None or counts["output"] is None:
        return None
    read = min(counts.get("read") or 0, counts["input"])
    wrote = min(counts.get("write") or 0, counts["input"] - read)
    put_in, put_out = price("input_per_mtok"), price("output_per_mtok")
    if put_in is None and put_out is None:
        return None
    cached = price("cache_read_per_mtok")
    written = price("cache_write_5m_per_mtok", "cache_write_1h_per_mtok")
    parts = [(read, put_in if cached is None else cached), (wrote, put_in if written is None else written),
             (counts.get("searches") or 0, price("web_search_per_1k", per=1_000)),
             *side(counts["input"] - read - wrote, counts.get("audio_in"), put_in, price("input_audio_per_mtok")),
             *side(counts["output"], counts.get("audio_out"), put_out, price("output_audio_per_mtok"))]
    if any(number and each is None for number, each in parts):
        return None
    return sum((number * each for number, each in parts if number), Decimal(0))


def _read_usd(value):
    """@raises ValueError for what is no decimal string of dollars: one that was misread would limit nothing"""
    if not isinstance(value, str) or not value.isascii() or not value.replace(".", "", 1).isdigit():
        raise ValueError('limits["usd"] is a decimal string of US dollars such as "2.50"')
    return Decimal(value)


def _usd_text(usd):
    return format(usd.normalize(), "f")


def _get(thing, name):
    return thing.get(name) if isinstance(thing, dict) else getattr(thing, name, None)


def _plain(thing):
    """As the provider's JSON has it: google-genai's own names are aliases. What it did not say is left out."""
    if not isinstance(thing, dict):
        if hasattr(thing, "model_dump"):
            thing = thing.model_dump(mode="json", by_alias=True, exclude_none=True)
        elif hasattr(thing, "to_dict"):
            thing = thing.to_dict()
        else:
            thing = vars(thing)
    return {name: value for name, value in thing.items() if value is not None}


def _text_bytes(thing, depth=0):
    """UTF-8 bytes of the text, reasoning and tool arguments in a chunk."""
    total = 0
    for name in ("choices", "candidates", "delta", "content", "parts", "text", "thinking", "partial_json", "arguments",
                 "tool_calls", "function", "reasoning_content", "refusal"):
        value = _get(thing, name)
        if isinstance(value, str):
            total += len(value.encode("utf-8", "replace"))
        elif value is not None and not callable(value) and depth < 6:
            parts = value if isinstance(value, (list, tuple)) else [value]
            total += sum(_text_bytes(part, depth + 1) for part in parts)
    return total


def _passed_action(budget, kind):
    """The action of the last stage that a call would pass, by the figures in memory; None: it fits."""
    if budget["spent"] is None or _is_over(budget):
        return None
    stages = [(one["percent"], one["action"]) for one in budget["thresholds"]] or [(100, budget["action"])]
    held = ("usd", "tokens", "calls", "seconds") if kind == "llm" else ("tool_calls", "seconds")
    found = None
    for percent, action in sorted(stages, key=lambda stage: stage[0]):
        for measure, limit in budget["limits"].items():
            if limit is None:
                continue
            reserved = 0 if measure == "seconds" else (budget["reserved"] or {}).get(measure) or 0
            load = Decimal(str(budget["spent"].get(measure) or 0)) + Decimal(str(reserved))
            most = Decimal(str(limit)) * Decimal(str(percent)) / 100
            # What the call itself adds to is full at its limit; the rest only past it.
            if load > most or (load == most and measure in held):
                found = action
    return found


def _is_over(budget):
    return bool(budget["resets_at"]) and _parse(budget["resets_at"]) <= time.time()


def _invoke(fn, call, guard):
    takes_call = guard._quietly(_takes_argument, fn)
    if call.model != call.asked_model and not takes_call:
        raise AgentHalted("budget_exceeded", f"a budget reroutes to {call.model}: take it from fn(call)")
    call.is_begun, call.started, call.timestamp = True, time.monotonic(), _now()
    return fn(call) if takes_call else fn()


def _takes_argument(fn):
    try:
        inspect.signature(fn).bind()
        return False
    except TypeError:
        return True


def _error_type(error):
    if isinstance(error, (asyncio.CancelledError, KeyboardInterrupt, GeneratorExit, AgentHalted)):
        return "cancelled"
    status = getattr(error, "status_code", None) or getattr(error, "code", None)
    if isinstance(error, TimeoutError) or "timeout" in type(error).__name__.lower():
        return "timeout"
    return {429: "rate_limit", 401: "authentication", 403: "authentication", 400: "validation", 404: "validation",
            422: "validation"}.get(status if isinstance(status, int) else None, "unknown")


def _line_of(run):
    while run:
        yield run
        run = run.parent


def _read_traceparent(header):
    parts = str(header or "").strip().split("-")
    is_valid = len(parts) >= 4 and len(parts[1]) == 32 and len(parts[2]) == 16 and parts[0] != "ff"
    is_hex = is_valid and all(char in "0123456789abcdef" for char in parts[1] + parts[2])
    return (parts[1], parts[2]) if is_hex and int(parts[1], 16) and int(parts[2], 16) else (None, None)


def _text(value):
    return None if value is None or value == "" else str(value)[:256]


def _without_none(given):
    return {name: value for name, value in given.items() if value is not None}


def _now():
    return datetime.now(timezone.utc).isoformat().replace("+00:00", "Z")


def _parse(text):
    return datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()


def _ms(started):
    return round((time.monotonic() - started) * 1000, 3)


def _seconds(text):
    try:
        return min(60.0, max(0.0, float(text)))
    except (TypeError, ValueError):
        return 0.0


_guards = weakref.WeakSet()


def _close_all():
    for guard in list(_guards):
        guard.close()


def _begin_in_child():
    # What was queued is the parent's to send; its threads and locks did not come along.
    for guard in list(_guards):
        guard._begin()


atexit.register(_close_all)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_begin_in_child)
