"""Kernels that are forked, each a fresh one, from one process that has imported everything already.

A Jupyter kernel spends most of a short notebook's time on imports. Here a server process (`server`) imports ipykernel
and whatever it is told to, once, and forks on demand: every kernel is a process of its own, real ipykernel and all,
used once and never again. `provisioner` is how Jupyter starts them, by an entry point, so any client may: nbclient,
papermill, JupyterLab.

    export JUPYTER_DEFAULT_PROVISIONER_NAME=kaohe-warm WARM_KERNEL_PRELOAD=pandas,plotly.graph_objects
    papermill in.ipynb out.ipynb

Where there is no fork, or a kernel is no ipykernel of this Python, it is started the ordinary way. Nothing here knows
anything of kaohe.
"""
