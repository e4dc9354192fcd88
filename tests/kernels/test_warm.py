"""Kernels forked from a warmed process: real ones, each fresh, gone with whoever asked for them."""

import asyncio
import os
import select
import signal
import subprocess
import sys
from contextlib import asynccontextmanager
from importlib.metadata import EntryPoint

import pytest
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning import KernelProvisionerFactory

from kaohe.batch.kernels import WARM
from kaohe.kernels import forked, provisioner
from kaohe.kernels.forked import ForkedKernel, can_fork, close_servers
from kaohe.kernels.server import PRELOAD

ASKED = """
import os, random, sys
print(os.getpid(), 'left' in globals(), 'decimal' in sys.modules, random.random())
"""
pytestmark = [pytest.mark.notebook, pytest.mark.skipif(not can_fork(), reason="内核只在 Linux 上由已导入的进程分出")]


@pytest.fixture(scope="module", autouse=True)
def warm():
    """Kernels of this module are forked from one server that knows the decimal numbers already."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(PRELOAD, "decimal")
        factory = KernelProvisionerFactory.instance()
        entry = EntryPoint(WARM, "kaohe.kernels.provisioner:WarmProvisioner", KernelProvisionerFactory.GROUP_NAME)
        patch.setitem(factory.provisioners, WARM, entry)
        patch.setattr(factory, "default_provisioner_name", WARM)
        yield
        close_servers()


@asynccontextmanager
async def kernel():
    manager = AsyncKernelManager(kernel_name="python3")
    await manager.start_kernel(extra_arguments=["--IPKernelApp.log_level=40", "--HistoryManager.enabled=False"])
    client = manager.client()
    client.start_channels()
    try:
        await client.wait_for_ready(timeout=60)
        yield manager, client
    finally:
        client.stop_channels()
        await manager.shutdown_kernel(now=True)


async def said(client, code):
    """What a cell writes to its output."""
    texts = []

    def hook(message):
        if message["msg_type"] == "stream":
            texts.append(message["content"]["text"])

    reply = await client.execute_interactive(code, timeout=60, output_hook=hook)
    return reply["content"]["status"], "".join(texts).strip()


def test_each_is_a_fresh_process_with_everything_imported():
    async def two():
        found = []
        for _ in range(2):
            async with kernel() as (manager, client):
                assert isinstance(manager.provisioner.process, ForkedKernel)
                found.append((await said(client, ASKED))[1].split())
                await said(client, "left = 1")
        return found

    one, other = asyncio.run(two())
    assert one[1:3] == other[1:3] == ["False", "True"]
    assert one[0] != other[0]
    assert one[3] != other[3]  # chance is not forked along
    assert len(forked._servers) == 1


def test_it_stands_where_a_stock_kernel_would():
    """Working folder, environment, arguments and module are those of the ordinary launcher."""

    async def look(name):
        KernelProvisionerFactory.instance().default_provisioner_name = name
        async with kernel() as (_, client):
            return await said(
                client,
                "import os, sys, threading\n"
                "print(os.getcwd(), __name__, sys.argv[0], sys.path, sys.flags, os.getsid(0) == os.getpid(),\n"
                "      sorted({k: v for k, v in os.environ.items() if k not in ('JPY_SESSION_NAME',)}.items()))",
            )

    assert asyncio.run(look(WARM)) == asyncio.run(look("local-provisioner"))
    KernelProvisionerFactory.instance().default_provisioner_name = WARM


def test_how_it_ends_is_told():
    async def ends(code=None, number=None):
        async with kernel() as (manager, client):
            process = manager.provisioner.process
            if number is not None:
                process.send_signal(number)
            else:
                client.execute(code)
            return await asyncio.to_thread(process.wait, 60)

    assert asyncio.run(ends("import os; os._exit(7)")) == 7
    assert asyncio.run(ends(number=signal.SIGKILL)) == -signal.SIGKILL


def test_a_cell_is_interrupted_and_the_kernel_goes_on():
    async def run():
        async with kernel() as (manager, client):
            # What is sent next must not be dropped with the cell that is interrupted.
            client.execute("import signal; print('begun', flush=True); signal.pause()", stop_on_error=False)
            while (await client.get_iopub_msg(timeout=60))["msg_type"] != "stream":
                pass  # it has not begun with the cell yet
            await manager.interrupt_kernel()
            while (reply := await client.get_shell_msg(timeout=60))["msg_type"] != "execute_reply":
                pass  # a slow machine's kernel answers more than once that it is there
            return reply["content"], await said(client, "print(1)")

    stopped, after = asyncio.run(run())
    assert (stopped["status"], stopped["ename"]) == ("error", "KeyboardInterrupt")
    assert after == ("ok", "1")


def test_nothing_stays_behind_when_the_client_is_killed(tmp_path):
    """A client that was killed could tell nobody; its kernels and their server end all the same."""
    code = (
        "import asyncio, sys\n"
        "from tests.kernels.test_warm import kernel, warm\n"
        "from kaohe.batch.kernels import WARM\n"
        "from importlib.metadata import EntryPoint\n"
        "from jupyter_client.provisioning import KernelProvisionerFactory as Factory\n"
        "factory = Factory.instance()\n"
        "factory.provisioners[WARM] = EntryPoint(WARM, 'kaohe.kernels.provisioner:WarmProvisioner', '')\n"
        "factory.default_provisioner_name = WARM\n"
        "from kaohe.kernels import forked\n"
        "async def main():\n"
        "    async with kernel() as (manager, client):\n"
        "        server = next(iter(forked._servers.values()))._process.pid\n"
        "        print(manager.provisioner.process.pid, server, flush=True)\n"
        "        await asyncio.Event().wait()\n"
        "asyncio.run(main())\n"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as client:
        pids = [int(pid) for pid in client.stdout.readline().split()]
        watched = [os.pidfd_open(pid) for pid in pids]
        client.kill()
    for fd in watched:
        ended, _, _ = select.select([fd], [], [], 60)  # readable once the process has ended
        os.close(fd)
        assert ended


@pytest.mark.parametrize(
    "cmd",
    [
        ["R", "--slave", "-f", "connection.json"],
        ["/usr/bin/python-of-another", "-m", "ipykernel_launcher", "-f", "connection.json"],
        [sys.executable, "-m", "bash_kernel", "-f", "connection.json"],
    ],
)
def test_other_kernels_start_as_they_always_did(cmd):
    assert provisioner._parted(cmd) is None


def test_python_keeps_its_options():
    cmd = [sys.executable, "-Xfrozen_modules=off", "-m", "ipykernel_launcher", "-f", "connection.json"]
    assert provisioner._parted(cmd) == (cmd[:2], cmd[4:])


def test_a_server_that_cannot_start_leaves_the_ordinary_way(monkeypatch):
    """A module that starts a thread of its own cannot be forked; it is tried once."""
    monkeypatch.setenv(PRELOAD, "no_such_module_to_import")

    async def run():
        async with kernel() as (manager, client):
            return type(manager.provisioner.process), await said(client, "print(2)")

    kind, told = asyncio.run(run())
    assert kind is subprocess.Popen
    assert told == ("ok", "2")
