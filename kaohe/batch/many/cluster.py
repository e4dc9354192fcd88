"""Who does the jobs: this process, one after the other, or the workers of a dask.distributed cluster. Nothing else
differs: both call `carried_out`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import uuid4

from kaohe.batch.many.jobs import SchoolJob, carried_out, seen_here
from kaohe.batch.many.told import SchoolTold

CONNECTED_WITHIN = 10
"""Seconds in which the scheduler has to answer."""

WORKERS_WITHIN = 30
"""Seconds in which a worker has to be there."""

INSTALL = "pip install 'kaohe[cluster]'"


class ClusterError(RuntimeError):
    """The cluster cannot be used, or is gone; says in Chinese why and what to do."""


def ended(jobs: Sequence[SchoolJob], scheduler: str = "") -> Iterator[tuple[int, SchoolTold]]:
    """(place, how it ended) of every job, as they end; by the cluster of this `scheduler`, if one is named."""
    if not scheduler:
        yield from ((place, carried_out(job)) for place, job in enumerate(jobs))
        return
    yield from _by_cluster(jobs, scheduler)


def _by_cluster(jobs: Sequence[SchoolJob], scheduler: str) -> Iterator[tuple[int, SchoolTold]]:
    try:
        from distributed import as_completed
    except ImportError as error:
        raise ClusterError(f"没有安装 dask.distributed，请先运行：{INSTALL}") from error
    with _client(scheduler) as client:
        _wait_for_one(client, scheduler)
        run = uuid4().hex[:8]
        futures = {
            client.submit(carried_out, job, key=f"kaohe-{run}-{place}", pure=False): place
            for place, job in enumerate(jobs)
        }
        try:
            for future in as_completed(list(futures), loop=client.loop):
                place = futures.pop(future)
                yield place, _told(future, jobs[place], scheduler)
                future.release()
        finally:
            client.cancel(list(futures))  # those that nobody waits for any more


def _client(scheduler: str) -> Any:
    from distributed import Client

    try:
        return Client(scheduler, timeout=f"{CONNECTED_WITHIN}s", set_as_default=False)
    except (OSError, ValueError, TypeError) as error:
        told = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise ClusterError(
            f"连不上调度程序 {scheduler}（{told}）；地址应写成 tcp://主机:8786 的样子，dask scheduler 启动时会显示它"
        ) from error


def _wait_for_one(client: Any, scheduler: str) -> None:
    try:
        client.wait_for_workers(1, timeout=WORKERS_WITHIN)
    except TimeoutError as error:
        raise ClusterError(
            f"调度程序 {scheduler} 下 {WORKERS_WITHIN} 秒内没有一个 worker；"
            f"请先启动：dask worker {scheduler} --nthreads 1"
        ) from error


def _told(future: Any, job: SchoolJob, scheduler: str) -> SchoolTold:
    """What the job told, or what became of it where it could not."""
    if future.status in ("cancelled", "lost"):
        raise ClusterError(f"与调度程序 {scheduler} 的连接断了；做完的都在，再运行一次接着做")
    error = future.exception()
    if error is None:
        return seen_here(job, future.result())
    if type(error).__name__ == "KilledWorker":
        return SchoolTold(job.school, failed="做它的进程一再被终止（多半是内存不足），已放弃；请看 worker 的日志")
    return SchoolTold(job.school, failed=f"worker 没有做成（{type(error).__name__}：{str(error).strip()[:300]}）")
