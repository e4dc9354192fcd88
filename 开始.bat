@echo off
rem Double-click: sets up once, then opens the notebooks in JupyterLab.
rem UTF-8 with CRLF. The code page is set first; Chinese stands in echo lines only, never inside a block.
chcp 65001 >nul
setlocal
title kaohe
pushd "%~dp0" || goto nofolder
set "PY=.venv\Scripts\python.exe"

rem Set up already, with these versions, in this very folder (a copied one must not run the old one's code)?
"%PY%" -c "pass" >nul 2>&1 || goto create
if exist .venv\interrupted goto create
fc /b requirements.lock .venv\installed.lock >nul 2>&1 || goto install
"%PY%" -I -c "import importlib.util, os, sys; sys.exit(not os.path.samefile(importlib.util.find_spec('kaohe').origin, 'kaohe/__init__.py'))" >nul 2>&1 || goto install
goto start

:create
set "PYTHON="
call :try py -3
call :try python
call :try python3
if not defined PYTHON goto nopython
echo 首次使用，正在准备运行环境……
%PYTHON% -m venv --clear .venv || goto novenv

:install
echo 正在安装所需软件，需要联网，约几分钟，请勿关闭窗口……
type nul >.venv\interrupted
"%PY%" -m pip install --quiet --disable-pip-version-check --constraint requirements.lock --editable . || goto noinstall
copy /y requirements.lock .venv\installed.lock >nul
del .venv\interrupted

:start
echo 正在打开 JupyterLab，稍候会出现在浏览器中。
echo 使用期间请保留本窗口，关闭本窗口即退出。
rem In Chinese unless the user has chosen a language: defaults only, for this start alone.
set "DEFAULTS=%CD%\tools\jupyter"
if defined JUPYTER_CONFIG_PATH set "DEFAULTS=%DEFAULTS%;%JUPYTER_CONFIG_PATH%"
set "JUPYTER_CONFIG_PATH=%DEFAULTS%"
"%PY%" -m jupyterlab notebooks || goto nostart
popd
exit /b 0

rem Takes the command given if it is a 64-bit Python that is new enough and none has been taken yet.
:try
if defined PYTHON exit /b
%* -c "import sys; sys.exit(sys.version_info < (3, 11) or sys.maxsize < 2**32)" >nul 2>&1 && set "PYTHON=%*"
exit /b

:nofolder
echo 无法打开本文件所在的文件夹。请把整个项目复制到本机硬盘，如 D 盘，再双击。
goto failed

:nopython
echo 没有找到 Python 3.11 或更新的版本，64 位。
echo 请先安装 Python，安装时勾选 Add python.exe to PATH，再双击本文件。
goto failed

:novenv
echo 无法建立运行环境文件夹 .venv。
echo 请检查磁盘空间和文件夹的写入权限，并关闭已打开的 JupyterLab 窗口，再双击本文件。
goto failed

:noinstall
echo 安装没有完成，原因见上面的英文信息。
echo 常见原因：没有联网；网络需要代理；文件夹路径太长，请移到较短的路径，如 D:\kaohe。
echo 解决后再双击本文件，会重新安装。
goto failed

:nostart
echo JupyterLab 没有正常结束，原因见上面的英文信息。

:failed
pause
exit /b 1
