@echo off
rem Runs the agent, again after a crash while it is wanted; leaves "ended" when it ended by itself.
cd /d "%~dp0"
:again
if not exist wanted exit /b 0
if exist ended exit /b 0
kit\bin\node.exe kit\dist\agent.js "%~dp0settings.json" >> agent.log 2>&1 < nul
if not errorlevel 1 if errorlevel 0 goto ended
rem A task has no console, so "timeout" refuses to wait; ten seconds of ping do.
ping -n 11 127.0.0.1 > nul
goto again
:ended
type nul > ended
exit /b 0
