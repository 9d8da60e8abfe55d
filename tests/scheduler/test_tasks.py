"""Background tasks: held by name, never silent, awaited at the end."""

from __future__ import annotations

import asyncio

from structlog.testing import capture_logs

from scheduler.tasks import Tasks


async def _fails() -> None:
    raise LookupError("no such thing")


def test_a_failure_is_logged_under_its_name() -> None:
    """Nobody awaits the task, and still it is heard of."""

    async def story() -> None:
        tasks = Tasks()
        task = tasks.hold(_fails(), "delivery C1")
        await asyncio.wait({task})
        await tasks.stop(1.0)

    with capture_logs() as logs:
        asyncio.run(story())
    (entry,) = logs
    assert (entry["event"], entry["task"], entry["log_level"]) == (
        "a background task failed",
        "delivery C1",
        "error",
    )
    assert isinstance(entry["exc_info"], LookupError)


def test_stop_waits_for_what_runs() -> None:
    """The notice under way is finished."""
    done: list[str] = []

    async def story() -> None:
        tasks, go = Tasks(), asyncio.Event()

        async def works() -> None:
            await go.wait()
            done.append("worked")

        tasks.hold(works(), "works")
        asyncio.get_running_loop().call_soon(go.set)
        await tasks.stop(5.0)
        done.append("stopped")

    asyncio.run(story())
    assert done == ["worked", "stopped"]


def test_idle_waits_for_all_that_is_begun_meanwhile() -> None:
    """A task that begins another is not the end of it."""
    done: list[str] = []

    async def story() -> None:
        tasks = Tasks()
        await tasks.idle()

        async def works(then: int) -> None:
            await asyncio.sleep(0)
            if then:
                tasks.hold(works(then - 1), "the next")
            done.append(f"{then} left")

        tasks.hold(works(2), "the first")
        await tasks.idle()
        done.append("idle")

    asyncio.run(story())
    assert done == ["2 left", "1 left", "0 left", "idle"]


def test_what_does_not_end_in_time_is_cancelled() -> None:
    """And has ended when `stop` returns; that is no failure, but who reads the log is told."""
    done: list[str] = []

    async def story() -> None:
        tasks = Tasks()

        async def hangs() -> None:
            try:
                await asyncio.Event().wait()
            finally:
                done.append("cleaned up")

        task = tasks.hold(hangs(), "hangs")
        await asyncio.sleep(0)  # it begins
        async with asyncio.timeout(60):
            await tasks.stop(0.01)
        assert task.cancelled()

    with capture_logs() as logs:
        asyncio.run(story())
    assert done == ["cleaned up"]
    assert [(one["log_level"], one["task"]) for one in logs] == [("warning", "hangs")]


def test_a_finished_task_is_let_go() -> None:
    """The set does not grow for ever; nothing to wait for is no trouble."""

    async def story() -> None:
        tasks = Tasks()
        for turn in range(100):
            tasks.hold(asyncio.sleep(0), f"turn {turn}")
        await tasks.stop(1.0)
        await tasks.stop(0.0)

    asyncio.run(story())
