"""outlay.py against the far end of its network: a small HTTP server in this process. python3 test_outlay.py"""
import asyncio
import contextlib
import http.server
import json
import os
import queue
import subprocess
import sys
import threading
import time
import unittest
from types import SimpleNamespace

from outlay import AgentHalted, Outlay


def policy_of(version=1, **given):
    return {"version": version, "ttl_seconds": 5, "degraded": False, "fail_mode": "open", "required_tags": [],
            "kill_switches": [], "budgets": [], "not_asked": [], **given}


def switch_of(scope, value, **given):
    return {"scope": scope, "value": value, "reason": "a loop", "engaged_by": "ann", "engaged_at": "2026-01-01T00:00:00Z",
            "until": None, **given}


def budget_of(**given):
    return {"id": "b", "name": "cap", "scope": "global", "value": None, "window": "day", "mode": "enforce", "state": "ok",
            "action": "block", "reroute_to": None, "throttle_per_minute": None, "resets_at": None,
            "thresholds": [{"percent": 100, "action": "block"}], "limits": {"usd": "1"}, "spent": {"usd": "0"},
            "reserved": {"usd": "0"}, **given}


class Server(http.server.ThreadingHTTPServer):
    """Tells a policy, takes everything else down."""
    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.policy, self.heard, self.lock, self.followers = policy_of(), [], threading.Condition(), []
        self.prices, self.renewal = None, 200
        self.event_answers, self.reservation, self.is_away, self.events = [], None, False, {}
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_address[1]}"

    def tell(self, policy):
        with self.lock:
            self.policy = policy
            for follower in self.followers:
                follower.put(policy)

    def wait(self, found, seconds=10):
        with self.lock:
            if not self.lock.wait_for(found, seconds):
                raise AssertionError(f"not seen; heard {self.heard}")

    def bodies(self, method, start):
        return [body for how, path, body in list(self.heard) if how == method and path.startswith(start)]


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_given):
        pass

    def answer(self, status, body, headers=()):
        data = json.dumps(body).encode()
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def handle_one(self):
        server, length = self.server, int(self.headers.get("Content-Length") or 0)
        body = json.loads(self.rfile.read(length)) if length else None
        if server.is_away:
            self.close_connection = True
            return
        with server.lock:
            server.heard.append((self.command, self.path, body))
            server.lock.notify_all()
        if self.path == "/v1/policy/stream":
            self.stream()
        elif self.path == "/v1/policy":
            self.answer(200, server.policy, [("ETag", f'"{server.policy["version"]}"')])
        elif self.path == "/v1/events":
            status = server.event_answers.pop(0) if server.event_answers else 202
            if status == 202:
                with server.lock:
                    server.events.update({event["id"]: event for event in body["events"]})
                    server.lock.notify_all()
            self.answer(status, {"accepted": len(body["events"]), "rejected": [], "conflicts": []})
        elif self.path == "/v1/reservations":
            default = {"decision": "allow", "reservation_id": body["id"], "reasons": []}
            self.answer(200, {**default, **(server.reservation or {})})
        elif self.path.startswith("/v1/prices"):
            self.answer(200, {"prices": server.prices})
        elif self.path.endswith("/renew"):
            self.answer(server.renewal, {"detail": "its budget is locked"})
        else:
            self.answer(200, {})

    do_GET = do_POST = do_DELETE = handle_one

    def stream(self):
        told = queue.Queue()
        with self.server.lock:
            self.server.followers.append(told)
            told.put(self.server.policy)
        self.close_connection = True
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        while True:
            policy = told.get()
            if policy is None:
                return
            self.wfile.write(f"event: policy\nid: {policy['version']}\ndata: {json.dumps(policy)}\n\n".encode())


def chat(**given):
    usage = {"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 15}
    return {"object": "chat.completion", "id": "r-1", "model": "gpt-5-2025", "usage": usage, **given}


class GuardTest(unittest.TestCase):
    def setUp(self):
        self.server = Server()
        self.addCleanup(self.server.server_close)
        self.addCleanup(self.server.shutdown)

    def open(self, **options):
        guard = Outlay(self.server.url, "key", agent="planner", **options)
        self.addCleanup(guard.close, 1)
        return guard

    def heed(self, guard, policy):
        self.server.tell(policy)
        until = time.monotonic() + 10
        while guard.status()["policy_version"] != policy["version"]:
            self.assertLess(time.monotonic(), until)
            threading.Event().wait(0.005)

    def sent(self, guard):
        self.assertTrue(guard.flush(), guard.status())
        return sorted(self.server.events.values(), key=lambda event: event["sequence"])

    def halts(self, fn):
        with self.assertRaises(AgentHalted) as caught:
            fn()
        return caught.exception

    def test_a_call_is_given_back_as_it_is_and_told_word_for_word(self):
        guard, answer = self.open(), chat()
        with guard.run(task="t", user="u", traceparent=f"00-{'a' * 32}-{'b' * 16}-01") as run:
            self.assertIs(guard.guard_llm(lambda: answer, provider="openai", model="gpt-5", feature="chat"), answer)
            self.assertEqual(guard.guard_tool("search", lambda call: call.headers["traceparent"][3:35]), "a" * 32)
        call, tool, node = self.sent(guard)
        self.assertEqual(call["raw_usage"], {"api": "openai.chat_completions", "body": answer["usage"]})
        self.assertEqual([call[name] for name in ("agent", "task", "user", "feature", "model", "requested_model")],
                         ["planner", "t", "u", "chat", "gpt-5-2025", "gpt-5"])
        self.assertEqual([tool["type"], tool["name"], node["type"]], ["tool", "search", "agent"])
        self.assertEqual({call["parent_span_id"], tool["parent_span_id"]}, {node["span_id"]})
        self.assertEqual([node["parent_span_id"], node["trace_id"]], ["b" * 16, "a" * 32])
        self.assertEqual([one["sequence"] for one in (call, tool, node)], [1, 2, 3])
        self.assertEqual({key: run.summary()[key] for key in ("tokens", "calls", "tool_calls")},
                         {"tokens": 15, "calls": 1, "tool_calls": 1})

    def test_each_providers_usage_is_told_under_its_api(self):
        guard = self.open()
        google = SimpleNamespace(model_dump=lambda **given: {"promptTokenCount": 3} if given["by_alias"] else {})
        answers = {
            "openai.responses": {"object": "response", "usage": {"input_tokens": 1, "total_tokens": 2}},
            "openai.embeddings": {"object": "list", "usage": {"prompt_tokens": 1, "total_tokens": 1}},
            "anthropic.messages": {"type": "message", "usage": {"input_tokens": 1, "output_tokens": 2}},
            "google.generateContent": SimpleNamespace(usage_metadata=google, model_version="gemini-3"),
        }
        for answer in answers.values():
            guard.guard_llm(lambda answer=answer: answer, model="m")
        self.assertEqual([event["raw_usage"]["api"] for event in self.sent(guard)], list(answers))

    def test_a_switch_told_by_the_stream_stops_what_it_is_about_and_nothing_else(self):
        guard = self.open()
        guard.guard_tool("t", lambda: None)
        for version, (scope, value) in enumerate(
                [("global", None), ("project", "default"), ("agent", "planner"), ("user", None), ("model", "m")], 2):
            self.heed(guard, policy_of(version, kill_switches=[switch_of(scope, value)]))
            halt = self.halts(lambda: guard.guard_llm(self.fail, model="m"))
            self.assertEqual([halt.code, halt.by, halt.at], ["kill_switch", "ann", "2026-01-01T00:00:00Z"])
        others = [switch_of("agent", "writer"), switch_of("user", "u"), switch_of("model", "n"), switch_of("feature", "f")]
        self.heed(guard, policy_of(9, kill_switches=others))
        self.assertEqual(guard.guard_llm(lambda: 1, model="m"), 1)
        guard._take_policy(policy_of(8, kill_switches=[switch_of("global", None)]), None)
        self.assertEqual(guard.status()["policy_version"], 9)

    def test_it_says_that_it_is_halted_only_when_no_call_is_under_way(self):
        guard, go, begun = self.open(), threading.Event(), threading.Event()
        guard.guard_tool("t", lambda: None)
        worker = threading.Thread(target=guard.guard_tool, args=("slow", lambda: (begun.set(), go.wait(10))))
        worker.start()
        begun.wait(10)
        self.server.tell(policy_of(2, kill_switches=[switch_of("agent", "planner")]))
        beats = lambda: [(one["policy_version"], one["state"]) for one in self.server.bodies("POST", "/v1/agents")]
        self.server.wait(lambda: (2, "running") in beats())
        self.assertNotIn((2, "halted"), beats())
        go.set()
        worker.join()
        self.server.wait(lambda: (2, "halted") in beats())
        guard.close()
        self.assertEqual(self.server.bodies("POST", "/v1/agents")[-1]["state"], "ended")

    def test_a_strict_budget_or_a_tag_not_asked_about_is_asked_for_and_the_event_settles_it(self):
        for given in ({"budgets": [budget_of(mode="strict")]}, {"not_asked": ["user"]}):
            self.server.policy, self.server.reservation = policy_of(**given), None
            guard = self.open()
            guard.guard_llm(lambda: chat(), model="m", user="u", estimated_usage={"max_output_tokens": 9})
            wish = self.server.bodies("POST", "/v1/reservations")[-1]
            self.assertEqual([wish["user"], wish["estimated_usage"]], ["u", {"max_output_tokens": 9}])
            settled = [event.get("reservation_id") for event in self.sent(guard) if event["source"] == guard.instance_id]
            self.assertEqual(settled, [wish["id"]])
            reason = {"code": "budget_exceeded", "message": "spent"}
            self.server.reservation = {"decision": "block", "reservation_id": None, "reasons": [reason]}
            self.assertEqual(self.halts(lambda: guard.guard_llm(self.fail, model="m")).code, "budget_exceeded")
            self.server.reservation = {"decision": "reroute", "model": "cheap"}
            self.assertEqual(guard.guard_llm(lambda call: call.model, model="m"), "cheap")
            self.halts(lambda: guard.guard_llm(self.fail, model="m"))
            guard.flush()
            last = self.server.bodies("POST", "/v1/reservations")[-1]["id"]
            self.assertIn(("DELETE", f"/v1/reservations/{last}", None), self.server.heard)

    def test_a_spent_budget_refuses_from_memory_and_one_that_only_watches_does_not(self):
        spent = {"spent": {"usd": "0.9"}, "reserved": {"usd": "0.1"}}
        guard = self.open()
        self.heed(guard, policy_of(2, budgets=[budget_of(**spent)]))
        self.assertEqual(self.halts(lambda: guard.guard_llm(self.fail, model="m")).code, "budget_exceeded")
        self.assertIsNone(guard.guard_tool("t", lambda: None))
        self.heed(guard, policy_of(3, budgets=[budget_of(**spent, mode="observe")]))
        self.assertEqual(guard.guard_llm(lambda: 1, model="m"), 1)
        self.heed(guard, policy_of(4, budgets=[budget_of(state="locked")]))
        self.assertEqual(self.halts(lambda: guard.guard_tool("t", self.fail)).code, "budget_locked")
        self.assertEqual(self.server.bodies("POST", "/v1/reservations"), [])
        self.heed(guard, policy_of(5, required_tags=["session"]))
        self.assertEqual(self.halts(lambda: guard.guard_llm(self.fail, model="m")).code, "missing_tags")

    def test_streams_are_the_same_chunks_and_cut_ones_are_estimated(self):
        guard = self.open()
        text = [{"choices": [{"delta": {"content": "abcdef"}}]}] * 3
        whole = [*text, {"choices": [], "usage": chat()["usage"]}]
        self.assertEqual(list(guard.guard_llm(lambda: iter(whole), model="m")), whole)
        cut = guard.guard_llm(lambda: (chunk for chunk in whole), model="m", input="x" * 30)
        next(cut)
        cut.close()
        start = {"type": "message_start", "message": {"type": "message", "usage": {"input_tokens": 7, "output_tokens": 1}}}
        delta = {"type": "content_block_delta", "delta": {"text": "abc"}}
        end = {"type": "message_delta", "delta": {}, "usage": {"output_tokens": 4}}
        list(guard.guard_llm(lambda: iter([start, delta, end]), model="m"))
        first, second, third = self.sent(guard)
        self.assertEqual(first["raw_usage"]["body"], chat()["usage"])
        self.assertIn("time_to_first_token_ms", first)
        self.assertEqual([second["usage_source"], second["error_type"]], ["estimated", "cancelled"])
        self.assertEqual(second["usage"], {"input_tokens": 10, "output_tokens": 2})
        self.assertEqual(third["raw_usage"], {"api": "anthropic.messages", "body": {"input_tokens": 7, "output_tokens": 4}})

    def test_a_running_stream_ends_when_the_switch_falls(self):
        guard, closed = self.open(), []

        def chunks():
            try:
                while True:
                    yield {"choices": []}
            finally:
                closed.append(True)

        stream = guard.guard_llm(chunks, model="m")
        next(stream)
        self.heed(guard, policy_of(2, kill_switches=[switch_of("agent", "planner")]))
        self.assertEqual(self.halts(lambda: next(stream)).code, "kill_switch")
        self.assertEqual([closed, self.sent(guard)[0]["error_type"]], [[True], "cancelled"])

    def test_runs_nest_and_keep_apart_in_threads_and_tasks(self):
        guard = self.open()

        @guard.llm(model="m")
        async def think():
            await asyncio.sleep(0)
            return chat()

        async def agent(name):
            async with guard.run(agent=name) as run:
                await asyncio.gather(think(), think())
                stream = await guard.aguard_llm(letters, model="m")
                return [one async for one in stream], run.summary()["tokens"]

        async def letters():
            async def inner():
                yield {"choices": [], "usage": chat()["usage"]}
            return inner()

        async def both():
            with guard.run(user="u", limits={"tokens": 90}) as outer:
                found = await asyncio.gather(agent("a"), agent("b"))
                return found, outer

        found, outer = asyncio.run(both())
        self.assertEqual([tokens for _, tokens in found], [45, 45])
        self.assertEqual([outer.used["tokens"], outer.can_continue()], [90, False])
        outer.limits.clear()
        with outer:
            bound = guard.bind(lambda: guard.guard_tool("t", lambda call: call.tags["user"]))
        thread = threading.Thread(target=bound)
        thread.start()
        thread.join()
        events = self.sent(guard)
        calls = [event for event in events if event["type"] == "llm"]
        self.assertEqual(sorted(event["agent"] for event in calls), ["a"] * 3 + ["b"] * 3)
        self.assertEqual({event["trace_id"] for event in events}, {outer.trace_id})
        self.assertEqual({event["user"] for event in events}, {"u"})

    def test_a_runs_limits_keep_a_reserve_for_the_final_answer(self):
        guard = self.open()
        with guard.run(limits={"tokens": 20, "tool_calls": 1}, reserve=0.5) as run:
            self.assertTrue(run.can_continue())
            guard.guard_llm(chat, model="m")
            self.assertFalse(run.can_continue())
            self.assertEqual(self.halts(lambda: guard.guard_llm(self.fail, model="m")).code, "limit_reached")
            with run.final():
                guard.guard_llm(chat, model="m")
                self.halts(lambda: guard.guard_llm(self.fail, model="m"))
        with self.assertRaises(ValueError):
            guard.run(limits={"dollars": "1"})

    def test_dollars_are_exact_sums_of_what_tokens_cost_at_most(self):
        self.server.prices = {"input_per_mtok": "1.25", "output_per_mtok": "10", "cache_read_per_mtok": "0.125"}
        guard = self.open()
        usage = {"prompt_tokens": 1000, "completion_tokens": 1000, "prompt_tokens_details": {"cached_tokens": 400}}
        with guard.run(limits={"usd": "0.02", "tokens": 10_000}, reserve=0.1) as run:
            guard.guard_llm(lambda: chat(usage=usage), provider="openai", model="gpt-5")
            self.assertEqual(run.summary()["usd"], "0.0108")
            with guard.run(agent="inner"):
                guard.guard_tool("paid", lambda call: call.report_cost("0.0072"))
            self.assertFalse(run.can_continue())
            self.assertEqual(self.halts(lambda: guard.guard_llm(self.fail, model="gpt-5")).code, "limit_reached")
            with run.final():
                guard.guard_llm(lambda: chat(usage={"prompt_tokens": 1, "completion_tokens": 0}), model="gpt-5")
        self.assertEqual([run.summary()["usd"], run.summary()["limits"]["usd"]], ["0.01800125", "0.02"])
        for usd in (2, "1e999999999", "-1", "x"):
            with contextlib.suppress(ValueError):
                self.fail(guard.run(limits={"usd": usd}))

    def test_each_providers_usage_costs_all_that_it_used(self):
        self.server.prices = {"input_per_mtok": "1", "output_per_mtok": "10", "cache_read_per_mtok": "0.1",
                              "cache_write_5m_per_mtok": "2", "web_search_per_1k": "10", "input_audio_per_mtok": "4"}
        guard = self.open()
        answers = {
            # 10 in, 100 read, 50 written, 7 out, one search
            "0.01019": {"type": "message", "usage": {"input_tokens": 10, "cache_read_input_tokens": 100, "output_tokens": 7,
                                                     "cache_creation_input_tokens": 50,
                                                     "server_tool_use": {"web_search_requests": 1}}},
            # Any of the 20 that were not read from the cache may be audio.
            "0.00039": {"usageMetadata": {"promptTokenCount": 120, "cachedContentTokenCount": 100, "candidatesTokenCount": 10,
                                          "thoughtsTokenCount": 20}},
            "0.00032": {"object": "response", "usage": {"input_tokens": 20, "output_tokens": 30, "total_tokens": 50,
                                                        "input_tokens_details": {"cached_tokens": 0}}},
        }
        for usd, answer in answers.items():
            with guard.run(limits={"usd": "1"}) as run:
                guard.guard_llm(lambda answer=answer: answer, model="m")
            self.assertEqual(run.summary()["usd"], usd)

    def test_a_model_without_a_price_makes_dollars_unknown_and_ends_a_run_that_has_a_limit_in_them(self):
        guard = self.open()
        with guard.run(limits={"usd": "1"}) as run:
            guard.guard_llm(chat, model="m")
            self.assertEqual([run.why_not().code, run.summary()["usd"]], ["no_price", None])
            self.assertEqual(self.halts(lambda: guard.guard_llm(self.fail, model="m")).code, "no_price")
        with guard.run() as free:
            guard.guard_llm(chat, model="m")
        self.assertEqual([free.summary()["usd"], free.can_continue()], [None, True])

    def test_a_hold_is_renewed_while_its_call_goes_on_and_one_that_ended_stops_its_stream(self):
        self.server.policy = policy_of(budgets=[budget_of(mode="strict")])
        guard = self.open()
        renewals = lambda: [path for _, path, _ in list(self.server.heard) if path.endswith("/renew")]
        stream = guard.guard_llm(lambda: iter([{"choices": []}] * 9), model="m", estimated_usage={"max_output_tokens": 9})
        next(stream)
        held = self.server.bodies("POST", "/v1/reservations")[0]["id"]
        # Half of the five minutes is left at first, and after each renewal; one that failed is tried again soon.
        for number, (status, most_seconds) in enumerate([(200, 150), (503, 5), (409, 5)], 1):
            self.assertGreater(stream._call.renew_at, time.monotonic())
            self.server.renewal = status
            stream._call.renew_at = time.monotonic()
            guard._beat_now.set()
            self.server.wait(lambda: len(renewals()) == number)
            until = time.monotonic() + 10
            while not (stream._call.fault if status == 409 else stream._call.renew_at > time.monotonic() + most_seconds - 5):
                self.assertLess(time.monotonic(), until)
                threading.Event().wait(0.002)
        self.assertEqual(set(renewals()), {f"/v1/reservations/{held}/renew"})
        halt = self.halts(lambda: next(stream))
        self.assertEqual([halt.code, halt.reason], ["hold_ended", "its budget is locked"])
        self.assertEqual(self.sent(guard)[0]["reservation_id"], held)

    def test_what_is_queued_at_exit_is_sent_and_the_process_says_that_it_ends(self):
        code = ("from outlay import Outlay\n"
                f"guard = Outlay({self.server.url!r}, 'key', agent='planner')\n"
                "for number in range(150): guard.guard_tool('t', lambda: None)\n"
                "raise SystemExit(3)")
        where = os.path.dirname(os.path.abspath(__file__))
        self.assertEqual(subprocess.run([sys.executable, "-B", "-c", code], cwd=where, timeout=30).returncode, 3)
        self.assertEqual(sorted(event["sequence"] for event in self.server.events.values()), list(range(1, 151)))
        self.assertEqual(self.server.bodies("POST", "/v1/agents")[-1]["state"], "ended")

    def test_events_are_sent_again_with_the_same_ids_and_a_large_batch_is_halved(self):
        self.server.event_answers = [503, 413, 429]
        guard = self.open()
        for _ in range(7):
            guard.guard_tool("t", lambda: None)
        self.assertEqual([event["sequence"] for event in self.sent(guard)], list(range(1, 8)))
        self.assertEqual({event["source"] for event in self.server.events.values()}, {guard.instance_id})
        self.assertEqual([guard.status()[name] for name in ("sent", "dropped", "rejected")], [7, 0, 0])

    def test_the_callers_own_error_passes_unchanged_and_is_told(self):
        guard, error = self.open(), type("RateLimitError", (Exception,), {"status_code": 429})("slow down")

        def fails():
            raise error

        with self.assertRaises(type(error)) as caught:
            guard.guard_llm(fails, model="m")
        self.assertIs(caught.exception, error)
        self.assertEqual(self.sent(guard)[0]["error_type"], "rate_limit")

    def test_out_of_reach_it_fails_as_the_policy_or_the_option_says_and_switches_stay(self):
        self.server.policy = policy_of(fail_mode="closed", kill_switches=[switch_of("agent", "gone")])
        guard = self.open(policy_max_age_seconds=0.2)
        guard.guard_tool("t", lambda: None)
        self.server.is_away = True
        for follower in self.server.followers:
            follower.put(None)
        until = time.monotonic() + 10
        while guard.status()["state"] != "failed_closed":
            self.assertLess(time.monotonic(), until)
            threading.Event().wait(0.01)
        self.assertEqual(self.halts(lambda: guard.guard_tool("t", self.fail)).code, "unreachable")
        self.assertEqual(self.halts(lambda: guard.guard_tool("t", self.fail, agent="gone")).code, "kill_switch")
        guard._fail_mode = "open"
        self.assertEqual(guard.guard_tool("t", lambda: 1), 1)
        self.assertEqual(guard.status()["let_through"], 1)
        guard.close(0.01)

    @unittest.skipUnless(hasattr(os, "fork"), "no fork here")
    def test_a_forked_child_tells_of_its_own_calls_alone(self):
        guard = self.open()
        guard.guard_tool("parent", lambda: None)
        child = os.fork()
        if child == 0:
            try:
                guard.guard_tool("child", lambda: None)
                os._exit(0 if guard.flush(5) else 1)
            finally:
                os._exit(2)
        self.assertEqual(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), 0)
        events = self.sent(guard)
        self.assertEqual(sorted(event["name"] for event in events), ["child", "parent"])
        self.assertEqual(len({event["source"] for event in events}), 2)

    def test_a_wrong_option_is_said_at_once(self):
        for options in ({"url": "x", "api_key": "k"}, {"url": "http://h", "api_key": ""}):
            with self.assertRaises(ValueError):
                Outlay(**options)
        with self.assertRaises(ValueError):
            self.open().guard_llm(self.fail, model="m", team="x")


if __name__ == "__main__":
    unittest.main()
